# A fragment: eax, ecx, edx sorted in place; falls off its end.
.intel_syntax noprefix
    .text
    .globl sort3r
    .type sort3r, @function
sort3r:
    mov     esi, ecx
    cmp     edx, ecx
    cmovl   ecx, edx
    cmovl   edx, esi
    mov     esi, eax
    cmp     ecx, eax
    cmovl   eax, ecx
    cmovl   ecx, esi
    mov     edi, ecx
    cmp     edx, ecx
    cmovl   ecx, edx
    cmovl   edx, edi
    .size sort3r, .-sort3r
