// Wrong where the last byte of dst was another than src's: it copies 31, the last seven by an overlapping
// word that starts one byte too early.
    .text
    .globl copy32
    .type copy32, %function
copy32:
    ldp     x2, x3, [x1]
    stp     x2, x3, [x0]
    ldr     x2, [x1, #16]
    str     x2, [x0, #16]
    ldur    x2, [x1, #23]
    stur    x2, [x0, #23]
    ret
    .size copy32, .-copy32
