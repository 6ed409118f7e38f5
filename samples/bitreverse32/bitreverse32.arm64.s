// One instruction.
    .text
    .globl bitreverse32
    .type bitreverse32, %function
bitreverse32:
    rbit    w0, w0
    ret
    .size bitreverse32, .-bitreverse32
