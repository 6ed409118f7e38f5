// ror to the right by -n.
    .text
    .globl rotl32
    .type rotl32, %function
rotl32:
    neg     w1, w1
    ror     w0, w0, w1
    ret
    .size rotl32, .-rotl32
