// Wrong always: it uses w4, which the fragment does not declare as clobbered.
    .text
    .globl sort2r
    .type sort2r, %function
sort2r:
    cmp     w0, w1
    csel    w2, w0, w1, lt
    csel    w4, w1, w0, lt
    mov     w3, w4
    .size sort2r, .-sort2r
