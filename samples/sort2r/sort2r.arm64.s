// A fragment: a in w0, b in w1; leaves the smaller in w2, the greater in w3 and falls off its end.
    .text
    .globl sort2r
    .type sort2r, %function
sort2r:
    cmp     w0, w1
    csel    w2, w0, w1, lt
    csel    w3, w1, w0, lt
    .size sort2r, .-sort2r
