// Shifts with insertion make the groups; one look-up in 64 bytes makes the letters.
    .text
    .globl base64
    .type base64, %function
base64:
    adrp    x2, order
    add     x2, x2, :lo12:order
    ldr     q0, [x1]
    ldr     q1, [x2], #16
    tbl     v0.16b, {v0.16b}, v1.16b
    ushr    v1.4s, v0.4s, #18
    ushr    v2.4s, v0.4s, #12
    ushr    v3.4s, v0.4s, #6
    sli     v1.4s, v2.4s, #8
    sli     v1.4s, v3.4s, #16
    sli     v1.4s, v0.4s, #24
    movi    v2.16b, #63
    and     v1.16b, v1.16b, v2.16b
    ld1     {v4.16b - v7.16b}, [x2]
    tbl     v0.16b, {v4.16b - v7.16b}, v1.16b
    str     q0, [x0]
    ret
    .size base64, .-base64
    .section .rodata
    .balign 16
order:
    .byte   2, 1, 0, 255, 5, 4, 3, 255, 8, 7, 6, 255, 11, 10, 9, 255
    .ascii  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
