// One comparison, one conditional move.
    .text
    .globl min32
    .type min32, %function
min32:
    cmp     w0, w1
    csel    w0, w0, w1, lt
    ret
    .size min32, .-min32
