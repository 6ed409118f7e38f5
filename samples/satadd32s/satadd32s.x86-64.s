# On overflow the answer is the end on the side of a's sign.
.intel_syntax noprefix
    .text
    .globl satadd32s
    .type satadd32s, @function
satadd32s:
    lea     ecx, [rdi]
    shr     ecx, 31
    add     ecx, 0x7fffffff
    mov     eax, edi
    add     eax, esi
    cmovo   eax, ecx
    ret
    .size satadd32s, .-satadd32s
