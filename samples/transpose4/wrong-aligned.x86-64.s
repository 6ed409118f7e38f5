# Wrong where m is no multiple of sixteen: the loads and stores demand that and fault. An array on the stack
# or from malloc does not show it.
.intel_syntax noprefix
    .text
    .globl transpose4
    .type transpose4, @function
transpose4:
    movaps  xmm0, [rdi]
    movaps  xmm1, [rdi + 16]
    movaps  xmm2, [rdi + 32]
    movaps  xmm3, [rdi + 48]
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
    movaps  [rdi], xmm0
    movaps  [rdi + 16], xmm2
    movaps  [rdi + 32], xmm4
    movaps  [rdi + 48], xmm5
    ret
    .size transpose4, .-transpose4
