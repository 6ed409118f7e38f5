// Loads all four words before it stores the first.
    .text
    .globl move32
    .type move32, %function
move32:
    ldp     x2, x3, [x1]
    ldp     x4, x5, [x1, #16]
    stp     x2, x3, [x0]
    stp     x4, x5, [x0, #16]
    ret
    .size move32, .-move32
