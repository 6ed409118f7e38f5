# The least of unsigned halfwords in one instruction, on numbers mapped so that the order is reversed.
.intel_syntax noprefix
    .text
    .globl hmax8
    .type hmax8, @function
hmax8:
    movdqu  xmm0, [rdi]
    pcmpeqd xmm1, xmm1
    psrlw   xmm1, 1
    pxor    xmm0, xmm1
    phminposuw xmm0, xmm0
    movd    eax, xmm0
    xor     eax, 0x7fff
    ret
    .size hmax8, .-hmax8
