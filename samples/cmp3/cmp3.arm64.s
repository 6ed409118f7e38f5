// 1 or 0, or all ones.
    .text
    .globl cmp3
    .type cmp3, %function
cmp3:
    cmp     x0, x1
    cset    w0, ne
    csinv   w0, w0, wzr, ge
    ret
    .size cmp3, .-cmp3
