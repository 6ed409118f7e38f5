// Wide products, shifted with rounding and saturation.
    .text
    .globl mulround16
    .type mulround16, %function
mulround16:
    ldr     q0, [x0]
    ldr     q1, [x1]
    smull   v2.4s, v0.4h, v1.4h
    smull2  v3.4s, v0.8h, v1.8h
    sqrshrn v0.4h, v2.4s, #15
    sqrshrn2 v0.8h, v3.4s, #15
    str     q0, [x0]
    ret
    .size mulround16, .-mulround16
