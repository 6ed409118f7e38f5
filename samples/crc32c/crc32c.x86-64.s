# Byte by byte.
.intel_syntax noprefix
    .text
    .globl crc32c
    .type crc32c, @function
crc32c:
    mov     eax, edi
    crc32   eax, sil
    shr     esi, 8
    crc32   eax, sil
    shr     esi, 8
    crc32   eax, si
    ret
    .size crc32c, .-crc32c
