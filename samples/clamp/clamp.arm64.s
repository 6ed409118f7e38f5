// Two comparisons, two conditional moves.
    .text
    .globl clamp
    .type clamp, %function
clamp:
    cmp     w0, w1
    csel    w0, w1, w0, lt
    cmp     w0, w2
    csel    w0, w2, w0, gt
    ret
    .size clamp, .-clamp
