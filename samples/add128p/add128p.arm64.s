// Loads all limbs before it stores the first.
    .text
    .globl add128p
    .type add128p, %function
add128p:
    ldp     x3, x4, [x1]
    ldp     x5, x6, [x2]
    adds    x3, x3, x5
    adc     x4, x4, x6
    stp     x3, x4, [x0]
    ret
    .size add128p, .-add128p
