# The network (1,2) (0,1) (1,2) with conditional moves.
.intel_syntax noprefix
    .text
    .globl sort3
    .type sort3, @function
sort3:
    mov     eax, [rdi]
    mov     ecx, [rdi + 4]
    mov     edx, [rdi + 8]
    mov     esi, ecx
    cmp     edx, ecx
    cmovl   ecx, edx
    cmovl   edx, esi
    mov     esi, eax
    cmp     ecx, eax
    cmovl   eax, ecx
    cmovl   ecx, esi
    mov     esi, ecx
    cmp     edx, ecx
    cmovl   ecx, edx
    cmovl   edx, esi
    mov     [rdi], eax
    mov     [rdi + 4], ecx
    mov     [rdi + 8], edx
    ret
    .size sort3, .-sort3
