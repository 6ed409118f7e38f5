// adds and adc.
    .text
    .globl add128
    .type add128, %function
add128:
    adds    x0, x0, x2
    adc     x1, x1, x3
    ret
    .size add128, .-add128
