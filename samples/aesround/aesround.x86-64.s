# AVX, whose operands in memory need no alignment.
.intel_syntax noprefix
    .text
    .globl aesround
    .type aesround, @function
aesround:
    vmovdqu xmm0, [rdi]
    vaesenc xmm0, xmm0, [rsi]
    vmovdqu [rdi], xmm0
    ret
    .size aesround, .-aesround
