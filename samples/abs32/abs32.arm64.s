// The absolute value without a branch.
    .text
    .globl abs32
    .type abs32, %function
abs32:
    cmp     w0, #0
    cneg    w0, w0, lt
    ret
    .size abs32, .-abs32
