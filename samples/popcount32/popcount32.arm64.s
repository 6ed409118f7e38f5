// SWAR: pairs, nibbles, bytes, and the bytes' sum by shifted additions.
    .text
    .globl popcount32
    .type popcount32, %function
popcount32:
    and     w1, w0, #0xaaaaaaaa
    sub     w0, w0, w1, lsr #1
    and     w1, w0, #0xcccccccc
    and     w0, w0, #0x33333333
    add     w0, w0, w1, lsr #2
    add     w0, w0, w0, lsr #4
    and     w0, w0, #0x0f0f0f0f
    add     w0, w0, w0, lsl #8
    add     w0, w0, w0, lsl #16
    lsr     w0, w0, #24
    ret
    .size popcount32, .-popcount32
