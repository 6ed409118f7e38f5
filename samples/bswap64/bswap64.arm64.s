// One instruction.
    .text
    .globl bswap64
    .type bswap64, %function
bswap64:
    rev     x0, x0
    ret
    .size bswap64, .-bswap64
