# SWAR: pairs, nibbles, bytes, and the bytes' sum by a multiplication.
.intel_syntax noprefix
    .text
    .globl popcount32
    .type popcount32, @function
popcount32:
    mov     eax, edi
    shr     eax
    and     eax, 0x55555555
    sub     edi, eax
    mov     eax, edi
    and     edi, 0x33333333
    shr     eax, 2
    and     eax, 0x33333333
    add     eax, edi
    mov     ecx, eax
    shr     ecx, 4
    add     eax, ecx
    and     eax, 0x0f0f0f0f
    imul    eax, eax, 0x01010101
    shr     eax, 24
    ret
    .size popcount32, .-popcount32
