// Lanes (0,2) (1,3), then (0,1) (2,3), then (1,2).
    .text
    .globl sort4v
    .type sort4v, %function
sort4v:
    ldr     q0, [x0]
    ext     v1.16b, v0.16b, v0.16b, #8
    smin    v2.4s, v0.4s, v1.4s
    smax    v3.4s, v0.4s, v1.4s
    zip1    v0.2d, v2.2d, v3.2d
    rev64   v1.4s, v0.4s
    smin    v2.4s, v0.4s, v1.4s
    smax    v3.4s, v0.4s, v1.4s
    trn1    v0.4s, v2.4s, v3.4s
    ext     v1.16b, v0.16b, v0.16b, #8
    zip1    v1.4s, v0.4s, v1.4s
    smin    v2.4s, v0.4s, v1.4s
    smax    v3.4s, v0.4s, v1.4s
    mov     v2.d[1], v3.d[1]
    str     q2, [x0]
    ret
    .size sort4v, .-sort4v
