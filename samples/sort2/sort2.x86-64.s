# Loads both, selects twice, stores both.
.intel_syntax noprefix
    .text
    .globl sort2
    .type sort2, @function
sort2:
    mov     eax, [rdi]
    mov     ecx, [rdi + 4]
    mov     edx, eax
    cmp     ecx, eax
    cmovl   eax, ecx
    cmovl   ecx, edx
    mov     [rdi], eax
    mov     [rdi + 4], ecx
    ret
    .size sort2, .-sort2
