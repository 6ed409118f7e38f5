// Wrong where the low halves do not carry: add leaves the flags alone, so adc adds the carry of an
// earlier comparison.
    .text
    .globl add128
    .type add128, %function
add128:
    cmp     x0, x0
    add     x0, x0, x2
    adc     x1, x1, x3
    ret
    .size add128, .-add128
