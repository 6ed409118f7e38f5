// Loads both, selects twice, stores both.
    .text
    .globl sort2
    .type sort2, %function
sort2:
    ldp     w1, w2, [x0]
    cmp     w1, w2
    csel    w3, w1, w2, lt
    csel    w4, w2, w1, lt
    stp     w3, w4, [x0]
    ret
    .size sort2, .-sort2
