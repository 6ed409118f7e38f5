// Folds the byte onto itself, and looks the nibble's parity up in a word.
    .text
    .globl parity8
    .type parity8, %function
parity8:
    ubfx    w1, w0, #4, #4
    eor     w0, w0, w1
    and     w0, w0, #15
    mov     w1, #0x6996
    lsr     w0, w1, w0
    and     w0, w0, #1
    ret
    .size parity8, .-parity8
