// -1, 0 or 1.
    .text
    .globl order64
    .type order64, %function
order64:
    cmp     x0, x1
    cset    w0, hi
    csinv   w0, w0, wzr, cs
    ret
    .size order64, .-order64
