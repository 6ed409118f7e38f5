// Wrong where the key's register holds garbage above bit 7: no byte is then equal to it.
    .text
    .globl find
    .type find, %function
find:
    mov     x3, #0
1:
    cmp     x3, x0
    b.eq    2f
    ldrb    w4, [x1, x3]
    cmp     w4, w2
    b.eq    2f
    add     x3, x3, #1
    b       1b
2:
    mov     x0, x3
    ret
    .size find, .-find
