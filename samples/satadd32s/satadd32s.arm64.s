// On overflow the answer is the end on the side of a's sign.
    .text
    .globl satadd32s
    .type satadd32s, %function
satadd32s:
    mov     w3, #0x7fffffff
    add     w2, w3, w0, lsr #31
    adds    w0, w0, w1
    csel    w0, w2, w0, vs
    ret
    .size satadd32s, .-satadd32s
