// Two calls of a local function; x19 carries the first distance over the second call.
    .text
    .globl manhattan
    .type manhattan, %function
manhattan:
    stp     x30, x19, [sp, #-16]!
    mov     w4, w1
    mov     w1, w2
    bl      distance
    mov     w19, w0
    mov     w0, w4
    mov     w1, w3
    bl      distance
    add     w0, w0, w19
    ldp     x30, x19, [sp], #16
    ret
    .size manhattan, .-manhattan

    .type distance, %function
distance:
    subs    w0, w0, w1
    cneg    w0, w0, cc
    ret
    .size distance, .-distance
