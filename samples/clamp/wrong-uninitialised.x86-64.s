# Wrong where x is above hi: the bound is read from a register that nobody has set (ecx for edx).
.intel_syntax noprefix
    .text
    .globl clamp
    .type clamp, @function
clamp:
    cmp     edi, esi
    cmovl   edi, esi
    cmp     edi, edx
    cmovg   edi, ecx
    mov     eax, edi
    ret
    .size clamp, .-clamp
