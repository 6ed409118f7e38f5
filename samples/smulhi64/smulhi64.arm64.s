// smulh.
    .text
    .globl smulhi64
    .type smulhi64, %function
smulhi64:
    smulh   x0, x0, x1
    ret
    .size smulhi64, .-smulhi64
