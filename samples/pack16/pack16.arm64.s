// One instruction for each half.
    .text
    .globl pack16
    .type pack16, %function
pack16:
    ldp     q0, q1, [x1]
    sqxtun  v0.8b, v0.8h
    sqxtun2 v0.16b, v1.8h
    str     q0, [x0]
    ret
    .size pack16, .-pack16
