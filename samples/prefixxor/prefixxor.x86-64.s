# A product without carries with all ones.
.intel_syntax noprefix
    .text
    .globl prefixxor
    .type prefixxor, @function
prefixxor:
    movq    xmm0, rdi
    pcmpeqd xmm1, xmm1
    pclmulqdq xmm0, xmm1, 0
    movq    rax, xmm0
    ret
    .size prefixxor, .-prefixxor
