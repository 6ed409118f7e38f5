// A product without carries with all ones.
    .text
    .globl prefixxor
    .type prefixxor, %function
prefixxor:
    fmov    d0, x0
    movi    v1.2d, #0xffffffffffffffff
    pmull   v0.1q, v0.1d, v1.1d
    fmov    x0, d0
    ret
    .size prefixxor, .-prefixxor
