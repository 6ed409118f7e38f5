# A division by -1 is a negation, so idiv never overflows.
.intel_syntax noprefix
    .text
    .globl divide
    .type divide, @function
divide:
    mov     eax, edi
    cmp     esi, -1
    je      1f
    cdq
    idiv    esi
    ret
1:
    neg     eax
    ret
    .size divide, .-divide
