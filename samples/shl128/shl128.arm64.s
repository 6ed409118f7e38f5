// Two shifts and the bits that cross, then the halves move up for counts from 64.
    .text
    .globl shl128
    .type shl128, %function
shl128:
    lsr     x3, x0, #1
    mvn     w4, w2
    lsr     x3, x3, x4
    lsl     x1, x1, x2
    orr     x1, x1, x3
    lsl     x0, x0, x2
    tst     w2, #64
    csel    x1, x0, x1, ne
    csel    x0, xzr, x0, ne
    ret
    .size shl128, .-shl128
