# Wrong for ties, as in 1, 2, 1, which gives 1, 2, 2: the middle is found by comparing with the smallest
# and the greatest, and equal values are mistaken for one another. Three distinct values are sorted.
.intel_syntax noprefix
    .text
    .globl sort3r
    .type sort3r, @function
sort3r:
    mov     esi, eax
    cmp     ecx, esi
    cmovl   esi, ecx
    cmp     edx, esi
    cmovl   esi, edx                 # the smallest
    mov     edi, eax
    cmp     ecx, edi
    cmovg   edi, ecx
    cmp     edx, edi
    cmovg   edi, edx                 # the greatest
    cmp     eax, esi
    cmove   eax, ecx
    cmp     eax, edi
    cmove   eax, edx
    cmp     eax, esi
    cmove   eax, ecx
    mov     ecx, eax
    mov     eax, esi
    mov     edx, edi
    .size sort3r, .-sort3r
