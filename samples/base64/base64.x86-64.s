# Groups by a shuffle and products, letters by comparing with each limit.
.intel_syntax noprefix
    .text
    .globl base64
    .type base64, @function
base64:
    movdqu  xmm0, [rsi]
    pshufb  xmm0, [rip + order]
    movdqa  xmm1, xmm0
    pand    xmm1, [rip + odd]
    pmulhuw xmm1, [rip + up]
    pand    xmm0, [rip + even]
    pmullw  xmm0, [rip + down]
    por     xmm0, xmm1
    movdqa  xmm1, xmm0
    movdqa  xmm2, xmm0
    movdqa  xmm3, xmm0
    movdqa  xmm4, xmm0
    pcmpgtb xmm1, [rip + limits]
    pcmpgtb xmm2, [rip + limits + 16]
    pcmpgtb xmm3, [rip + limits + 32]
    pcmpgtb xmm4, [rip + limits + 48]
    pand    xmm1, [rip + steps]
    pand    xmm2, [rip + steps + 16]
    pand    xmm3, [rip + steps + 32]
    pand    xmm4, [rip + steps + 48]
    paddb   xmm0, [rip + first]
    paddb   xmm0, xmm1
    paddb   xmm0, xmm2
    paddb   xmm0, xmm3
    paddb   xmm0, xmm4
    movdqu  [rdi], xmm0
    ret
    .size base64, .-base64
    .section .rodata
    .balign 16
order:
    .byte   1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10
odd:
    .fill   4, 4, 0x0fc0fc00
up:
    .fill   4, 4, 0x04000040
even:
    .fill   4, 4, 0x003f03f0
down:
    .fill   4, 4, 0x01000010
# The last capital, small letter and digit, and the plus; what each adds to the distance from n.
limits:
    .fill   16, 1, 25
    .fill   16, 1, 51
    .fill   16, 1, 61
    .fill   16, 1, 62
first:
    .fill   16, 1, 'A'
steps:
    .fill   16, 1, 6
    .fill   16, 1, 181
    .fill   16, 1, 241
    .fill   16, 1, 3
