// Two comparisons; the second only counts when the first was equal.
    .text
    .globl eq16
    .type eq16, %function
eq16:
    ldp     x2, x3, [x0]
    ldp     x4, x5, [x1]
    cmp     x2, x4
    ccmp    x3, x5, #0, eq
    cset    w0, eq
    ret
    .size eq16, .-eq16
