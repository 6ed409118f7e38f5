// Wrong where x is above hi: the bound is read from a register that nobody has set (w3 for w2).
    .text
    .globl clamp
    .type clamp, %function
clamp:
    cmp     w0, w1
    csel    w0, w1, w0, lt
    cmp     w0, w2
    csel    w0, w3, w0, gt
    ret
    .size clamp, .-clamp
