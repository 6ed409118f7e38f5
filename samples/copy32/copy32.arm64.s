// Pair by pair; the buffers do not overlap.
    .text
    .globl copy32
    .type copy32, %function
copy32:
    ldp     x2, x3, [x1]
    stp     x2, x3, [x0]
    ldp     x2, x3, [x1, #16]
    stp     x2, x3, [x0, #16]
    ret
    .size copy32, .-copy32
