// A fragment: w0, w1, w2 sorted in place; falls off its end.
    .text
    .globl sort3r
    .type sort3r, %function
sort3r:
    cmp     w1, w2
    csel    w3, w1, w2, le
    csel    w2, w2, w1, le
    cmp     w0, w3
    csel    w4, w0, w3, le
    csel    w3, w3, w0, le
    mov     w0, w4
    cmp     w3, w2
    csel    w1, w3, w2, le
    csel    w2, w2, w3, le
    .size sort3r, .-sort3r
