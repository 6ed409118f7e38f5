// Shifts a one by the length of x - 1, in 64 bits, so that a length of 32 gives 0 in the low half.
    .text
    .globl nextpow2
    .type nextpow2, %function
nextpow2:
    sub     w1, w0, #1
    clz     w1, w1
    mov     w2, #32
    sub     w1, w2, w1
    mov     x2, #1
    lsl     x0, x2, x1
    cmp     w1, #32
    csel    w0, wzr, w0, eq
    ret
    .size nextpow2, .-nextpow2
