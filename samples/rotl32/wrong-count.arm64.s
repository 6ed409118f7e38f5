// Wrong for some counts above 32, such as 33: the word is shifted in 64 bits and the part above folded
// down, and a 64-bit shift takes its count modulo 64.
    .text
    .globl rotl32
    .type rotl32, %function
rotl32:
    mov     w0, w0
    lsl     x0, x0, x1
    orr     x0, x0, x0, lsr #32
    ret
    .size rotl32, .-rotl32
