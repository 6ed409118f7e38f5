# Two comparisons, two conditional moves.
.intel_syntax noprefix
    .text
    .globl clamp
    .type clamp, @function
clamp:
    cmp     edi, esi
    cmovl   edi, esi
    cmp     edi, edx
    cmovg   edi, edx
    mov     eax, edi
    ret
    .size clamp, .-clamp
