// The network (0,1) (2,3) (0,2) (1,3) (1,2) with conditional selects; x19 is saved on the stack.
    .text
    .globl sort4
    .type sort4, %function
sort4:
    str     x19, [sp, #-16]!
    ldp     w1, w19, [x0]
    ldp     w2, w3, [x0, #8]
    cmp     w1, w19
    csel    w9, w1, w19, le
    csel    w19, w19, w1, le
    mov     w1, w9
    cmp     w2, w3
    csel    w9, w2, w3, le
    csel    w3, w3, w2, le
    mov     w2, w9
    cmp     w1, w2
    csel    w9, w1, w2, le
    csel    w2, w2, w1, le
    mov     w1, w9
    cmp     w19, w3
    csel    w9, w19, w3, le
    csel    w3, w3, w19, le
    mov     w19, w9
    cmp     w19, w2
    csel    w9, w19, w2, le
    csel    w2, w2, w19, le
    mov     w19, w9
    stp     w1, w19, [x0]
    stp     w2, w3, [x0, #8]
    ldr     x19, [sp], #16
    ret
    .size sort4, .-sort4
