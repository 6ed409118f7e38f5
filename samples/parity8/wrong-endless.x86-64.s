# Wrong where bit 7 is set: the byte is shifted arithmetically and never becomes 0, so the loop never ends.
.intel_syntax noprefix
    .text
    .globl parity8
    .type parity8, @function
parity8:
    xor     eax, eax
    movsx   ecx, dil
1:
    test    ecx, ecx
    je      2f
    mov     edx, ecx
    and     edx, 1
    xor     eax, edx
    sar     ecx
    jmp     1b
2:
    ret
    .size parity8, .-parity8
