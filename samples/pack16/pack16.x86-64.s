# One instruction packs both registers.
.intel_syntax noprefix
    .text
    .globl pack16
    .type pack16, @function
pack16:
    movdqu  xmm0, [rsi]
    movdqu  xmm1, [rsi + 16]
    packuswb xmm0, xmm1
    movdqu  [rdi], xmm0
    ret
    .size pack16, .-pack16
