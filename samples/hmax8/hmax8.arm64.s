// Pairs, and pairs again.
    .text
    .globl hmax8
    .type hmax8, %function
hmax8:
    ldr     q0, [x0]
    smaxp   v0.8h, v0.8h, v0.8h
    smaxp   v0.8h, v0.8h, v0.8h
    smaxp   v0.8h, v0.8h, v0.8h
    smov    w0, v0.h[0]
    ret
    .size hmax8, .-hmax8
