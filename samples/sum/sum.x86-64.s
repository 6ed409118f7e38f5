# Counts n down while a pointer goes up.
.intel_syntax noprefix
    .text
    .globl sum
    .type sum, @function
sum:
    xor     eax, eax
    test    rdi, rdi
    je      2f
1:
    add     eax, [rsi]
    add     rsi, 4
    dec     rdi
    jnz     1b
2:
    ret
    .size sum, .-sum
