# One instruction.
.intel_syntax noprefix
    .text
    .globl bswap32
    .type bswap32, @function
bswap32:
    mov     eax, edi
    bswap   eax
    ret
    .size bswap32, .-bswap32
