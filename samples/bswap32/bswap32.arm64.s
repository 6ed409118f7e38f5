// One instruction.
    .text
    .globl bswap32
    .type bswap32, %function
bswap32:
    rev     w0, w0
    ret
    .size bswap32, .-bswap32
