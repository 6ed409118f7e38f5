# Both differences, selected by the signed order.
.intel_syntax noprefix
    .text
    .globl absdiff32
    .type absdiff32, @function
absdiff32:
    mov     eax, edi
    sub     eax, esi
    mov     ecx, esi
    sub     ecx, edi
    cmp     edi, esi
    cmovl   eax, ecx
    ret
    .size absdiff32, .-absdiff32
