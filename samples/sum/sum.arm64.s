// Counts n down while a pointer goes up (post-indexed).
    .text
    .globl sum
    .type sum, %function
sum:
    mov     w2, #0
    cbz     x0, 2f
1:
    ldr     w3, [x1], #4
    add     w2, w2, w3
    subs    x0, x0, #1
    b.ne    1b
2:
    mov     w0, w2
    ret
    .size sum, .-sum
