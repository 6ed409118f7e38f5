// One instruction for the sixteen sums.
    .text
    .globl addsat8
    .type addsat8, %function
addsat8:
    ldr     q0, [x0]
    ldr     q1, [x1]
    uqadd   v0.16b, v0.16b, v1.16b
    str     q0, [x0]
    ret
    .size addsat8, .-addsat8
