// One comparison, one conditional move.
    .text
    .globl max32
    .type max32, %function
max32:
    cmp     w0, w1
    csel    w0, w0, w1, gt
    ret
    .size max32, .-max32
