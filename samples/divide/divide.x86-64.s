# idiv, which faults where the quotient does not fit: on the minimum by -1, which this specification allows.
.intel_syntax noprefix
    .text
    .globl divide
    .type divide, @function
divide:
    mov     eax, edi
    cdq
    idiv    esi
    ret
    .size divide, .-divide
