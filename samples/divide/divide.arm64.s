// sdiv never faults.
    .text
    .globl divide
    .type divide, %function
divide:
    sdiv    w0, w0, w1
    ret
    .size divide, .-divide
