# One instruction for the sixteen sums.
.intel_syntax noprefix
    .text
    .globl addsat8
    .type addsat8, @function
addsat8:
    movdqu  xmm0, [rdi]
    movdqu  xmm1, [rsi]
    paddusb xmm0, xmm1
    movdqu  [rdi], xmm0
    ret
    .size addsat8, .-addsat8
