# One comparison, one conditional move.
.intel_syntax noprefix
    .text
    .globl min32
    .type min32, @function
min32:
    mov     eax, edi
    cmp     eax, esi
    cmovg   eax, esi
    ret
    .size min32, .-min32
