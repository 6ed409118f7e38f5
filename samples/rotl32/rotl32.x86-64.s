# rol takes its count modulo 32.
.intel_syntax noprefix
    .text
    .globl rotl32
    .type rotl32, @function
rotl32:
    mov     eax, edi
    mov     ecx, esi
    rol     eax, cl
    ret
    .size rotl32, .-rotl32
