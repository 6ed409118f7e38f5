# One comparison, one conditional move.
.intel_syntax noprefix
    .text
    .globl max32
    .type max32, @function
max32:
    mov     eax, edi
    cmp     eax, esi
    cmovl   eax, esi
    ret
    .size max32, .-max32
