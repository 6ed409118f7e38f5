// Wrong though the sign is always right: where a > b the result is any odd positive number, made from
// a register that nobody has set (w8), so that two runs on one input differ.
    .text
    .globl order64
    .type order64, %function
order64:
    cmp     x0, x1
    lsr     w8, w8, #1
    orr     w8, w8, #1
    csel    w0, w8, wzr, hi
    csinv   w0, w0, wzr, cs
    ret
    .size order64, .-order64
