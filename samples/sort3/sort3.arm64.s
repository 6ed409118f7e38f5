// The network (1,2) (0,1) (1,2) with conditional selects.
    .text
    .globl sort3
    .type sort3, %function
sort3:
    ldp     w1, w2, [x0]
    ldr     w3, [x0, #8]
    cmp     w2, w3
    csel    w4, w2, w3, le
    csel    w3, w3, w2, le
    cmp     w1, w4
    csel    w5, w1, w4, le
    csel    w4, w4, w1, le
    cmp     w4, w3
    csel    w2, w4, w3, le
    csel    w3, w3, w4, le
    stp     w5, w2, [x0]
    str     w3, [x0, #8]
    ret
    .size sort3, .-sort3
