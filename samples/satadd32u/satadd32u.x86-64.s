# The carry, spread over a word, is the saturation.
.intel_syntax noprefix
    .text
    .globl satadd32u
    .type satadd32u, @function
satadd32u:
    mov     eax, edi
    add     eax, esi
    sbb     ecx, ecx
    or      eax, ecx
    ret
    .size satadd32u, .-satadd32u
