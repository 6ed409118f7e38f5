// umulh.
    .text
    .globl mulhi64
    .type mulhi64, %function
mulhi64:
    umulh   x0, x0, x1
    ret
    .size mulhi64, .-mulhi64
