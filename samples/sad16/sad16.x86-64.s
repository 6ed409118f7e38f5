# AVX: a sum for each half, then both.
.intel_syntax noprefix
    .text
    .globl sad16
    .type sad16, @function
sad16:
    vmovdqu xmm0, [rdi]
    vpsadbw xmm0, xmm0, [rsi]
    vpunpckhqdq xmm1, xmm0, xmm0
    vpaddq  xmm0, xmm0, xmm1
    vmovd   eax, xmm0
    ret
    .size sad16, .-sad16
