// x ^ (x - 1) is above x - 1 exactly when one bit is set.
    .text
    .globl ispow2
    .type ispow2, %function
ispow2:
    sub     w1, w0, #1
    eor     w0, w0, w1
    cmp     w0, w1
    cset    w0, hi
    ret
    .size ispow2, .-ispow2
