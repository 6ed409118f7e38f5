// 32 steps in a loop; the mask is the bit that falls out, extended.
    .text
    .globl crc32w
    .type crc32w, %function
crc32w:
    eor     w0, w0, w1
    mov     w2, #0x8320
    movk    w2, #0xedb8, lsl #16
    mov     w3, #32
1:
    sbfx    w4, w0, #0, #1
    and     w4, w4, w2
    eor     w0, w4, w0, lsr #1
    subs    w3, w3, #1
    b.ne    1b
    ret
    .size crc32w, .-crc32w
