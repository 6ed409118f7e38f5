# The moves of floating-point numbers do for words: bits are bits.
.intel_syntax noprefix
    .text
    .globl transpose4
    .type transpose4, @function
transpose4:
    movups  xmm0, [rdi]
    movups  xmm1, [rdi + 16]
    movups  xmm2, [rdi + 32]
    movups  xmm3, [rdi + 48]
    movaps  xmm4, xmm0
    unpcklps xmm0, xmm1
    unpckhps xmm4, xmm1
    movaps  xmm5, xmm2
    unpcklps xmm2, xmm3
    unpckhps xmm5, xmm3
    movaps  xmm1, xmm0
    movlhps xmm0, xmm2
    movhlps xmm2, xmm1
    movaps  xmm3, xmm4
    movlhps xmm4, xmm5
    movhlps xmm5, xmm3
    movups  [rdi], xmm0
    movups  [rdi + 16], xmm2
    movups  [rdi + 32], xmm4
    movups  [rdi + 48], xmm5
    ret
    .size transpose4, .-transpose4
