# Two shifts and the bits that cross, then the halves move up for counts from 64.
.intel_syntax noprefix
    .text
    .globl shl128
    .type shl128, @function
shl128:
    mov     ecx, edx
    mov     rax, rdi
    mov     r8, rdi
    shr     r8
    not     ecx
    shr     r8, cl                   # by 63 - n modulo 64
    not     ecx
    shl     rsi, cl
    or      rsi, r8
    shl     rax, cl
    mov     rdx, rsi
    xor     r9d, r9d
    test    cl, 64
    cmovnz  rdx, rax
    cmovnz  rax, r9
    ret
    .size shl128, .-shl128
