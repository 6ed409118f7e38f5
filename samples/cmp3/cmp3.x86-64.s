# The difference of two conditions.
.intel_syntax noprefix
    .text
    .globl cmp3
    .type cmp3, @function
cmp3:
    xor     eax, eax
    xor     ecx, ecx
    cmp     rdi, rsi
    setg    al
    setl    cl
    sub     eax, ecx
    ret
    .size cmp3, .-cmp3
