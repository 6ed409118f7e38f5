// The differences of each half, added across.
    .text
    .globl sad16
    .type sad16, %function
sad16:
    ldr     q0, [x0]
    ldr     q1, [x1]
    uabdl   v2.8h, v0.8b, v1.8b
    uabdl2  v3.8h, v0.16b, v1.16b
    addv    h2, v2.8h
    addv    h3, v3.8h
    umov    w0, v2.h[0]
    umov    w1, v3.h[0]
    add     w0, w0, w1
    ret
    .size sad16, .-sad16
