// The structure load takes every fourth word into one register.
    .text
    .globl transpose4
    .type transpose4, %function
transpose4:
    ld4     {v0.4s - v3.4s}, [x0]
    st1     {v0.4s - v3.4s}, [x0]
    ret
    .size transpose4, .-transpose4
