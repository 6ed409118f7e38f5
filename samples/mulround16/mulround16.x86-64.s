# AVX: the minimum, which only -1 times -1 gives, becomes the maximum.
.intel_syntax noprefix
    .text
    .globl mulround16
    .type mulround16, @function
mulround16:
    vmovdqu xmm0, [rdi]
    vpmulhrsw xmm0, xmm0, [rsi]
    vpcmpeqw xmm1, xmm1, xmm1
    vpsllw  xmm1, xmm1, 15
    vpcmpeqw xmm1, xmm1, xmm0
    vpxor   xmm0, xmm0, xmm1
    vmovdqu [rdi], xmm0
    ret
    .size mulround16, .-mulround16
