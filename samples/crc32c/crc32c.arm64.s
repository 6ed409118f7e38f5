// A byte, a byte and a halfword.
    .text
    .globl crc32c
    .type crc32c, %function
crc32c:
    crc32cb w0, w0, w1
    lsr     w1, w1, #8
    crc32cb w0, w0, w1
    lsr     w1, w1, #8
    crc32ch w0, w0, w1
    ret
    .size crc32c, .-crc32c
