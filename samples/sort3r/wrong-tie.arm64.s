// Wrong for ties, as in 1, 2, 1, which gives 1, 2, 2: the middle is found by comparing with the smallest
// and the greatest, and equal values are mistaken for one another. Three distinct values are sorted.
    .text
    .globl sort3r
    .type sort3r, %function
sort3r:
    cmp     w0, w1
    csel    w3, w0, w1, lt
    cmp     w3, w2
    csel    w3, w3, w2, lt           // the smallest
    cmp     w0, w1
    csel    w4, w0, w1, gt
    cmp     w4, w2
    csel    w4, w4, w2, gt           // the greatest
    cmp     w0, w3
    csel    w0, w1, w0, eq
    cmp     w0, w4
    csel    w0, w2, w0, eq
    cmp     w0, w3
    csel    w0, w1, w0, eq
    mov     w1, w0
    mov     w0, w3
    mov     w2, w4
    .size sort3r, .-sort3r
