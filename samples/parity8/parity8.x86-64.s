# Folds the byte onto itself, and looks the nibble's parity up in a word.
.intel_syntax noprefix
    .text
    .globl parity8
    .type parity8, @function
parity8:
    mov     eax, edi
    shr     al, 4
    xor     eax, edi
    and     eax, 15
    mov     ecx, eax
    mov     eax, 0x6996
    shr     eax, cl
    and     eax, 1
    ret
    .size parity8, .-parity8
