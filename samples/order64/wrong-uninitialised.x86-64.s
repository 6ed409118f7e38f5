# Wrong though the sign is always right: where a > b the result is any odd positive number, made from
# a register that nobody has set (r8), so that two runs on one input differ.
.intel_syntax noprefix
    .text
    .globl order64
    .type order64, @function
order64:
    xor     eax, eax
    cmp     rdi, rsi
    je      1f
    mov     eax, -1
    jb      1f
    mov     eax, r8d
    shr     eax
    or      eax, 1
1:
    ret
    .size order64, .-order64
