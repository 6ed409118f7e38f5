# Wrong where bytes 4 to 7 differ from 0: a 32-bit move clears the upper half.
.intel_syntax noprefix
    .text
    .globl bswap64
    .type bswap64, @function
bswap64:
    mov     eax, edi
    bswap   rax
    ret
    .size bswap64, .-bswap64
