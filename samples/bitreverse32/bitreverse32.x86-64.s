# Reverses the bytes by bswap, then the bits of each.
.intel_syntax noprefix
    .text
    .globl bitreverse32
    .type bitreverse32, @function
bitreverse32:
    mov     eax, edi
    bswap   eax
    mov     ecx, eax
    shr     ecx, 4
    and     ecx, 0x0f0f0f0f
    and     eax, 0x0f0f0f0f
    shl     eax, 4
    or      eax, ecx
    mov     ecx, eax
    shr     ecx, 2
    and     ecx, 0x33333333
    and     eax, 0x33333333
    lea     eax, [rcx + 4 * rax]
    mov     ecx, eax
    shr     ecx
    and     ecx, 0x55555555
    and     eax, 0x55555555
    lea     eax, [rcx + 2 * rax]
    ret
    .size bitreverse32, .-bitreverse32
