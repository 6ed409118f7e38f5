# A fragment: a in edi, b in esi; leaves the smaller in eax, the greater in edx and falls off its end.
.intel_syntax noprefix
    .text
    .globl sort2r
    .type sort2r, @function
sort2r:
    mov     eax, esi
    mov     edx, edi
    cmp     edi, esi
    cmovl   eax, edi
    cmovl   edx, esi
    .size sort2r, .-sort2r
