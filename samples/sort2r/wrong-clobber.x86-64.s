# Wrong always: it uses ecx, which the fragment does not declare as clobbered.
.intel_syntax noprefix
    .text
    .globl sort2r
    .type sort2r, @function
sort2r:
    mov     eax, esi
    mov     ecx, edi
    cmp     edi, esi
    cmovl   eax, edi
    cmovl   ecx, esi
    mov     edx, ecx
    .size sort2r, .-sort2r
