# Lanes (0,2) (1,3), then (0,1) (2,3), then (1,2).
.intel_syntax noprefix
    .text
    .globl sort4v
    .type sort4v, @function
sort4v:
    movdqu  xmm0, [rdi]
    pshufd  xmm1, xmm0, 0x4e
    movdqa  xmm2, xmm0
    pminsd  xmm0, xmm1
    pmaxsd  xmm2, xmm1
    punpcklqdq xmm0, xmm2
    pshufd  xmm1, xmm0, 0xb1
    movdqa  xmm2, xmm0
    pminsd  xmm0, xmm1
    pmaxsd  xmm2, xmm1
    pblendw xmm0, xmm2, 0xcc
    pshufd  xmm1, xmm0, 0xd8
    movdqa  xmm2, xmm0
    pminsd  xmm0, xmm1
    pmaxsd  xmm2, xmm1
    pblendw xmm0, xmm2, 0xf0
    movdqu  [rdi], xmm0
    ret
    .size sort4v, .-sort4v
