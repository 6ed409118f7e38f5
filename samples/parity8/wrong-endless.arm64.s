// Wrong where bit 7 is set: the byte is shifted arithmetically and never becomes 0, so the loop never ends.
    .text
    .globl parity8
    .type parity8, %function
parity8:
    sxtb    w1, w0
    mov     w0, #0
1:
    cbz     w1, 2f
    and     w2, w1, #1
    eor     w0, w0, w2
    asr     w1, w1, #1
    b       1b
2:
    ret
    .size parity8, .-parity8
