# Smears the top bit of x - 1 over all below it.
.intel_syntax noprefix
    .text
    .globl nextpow2
    .type nextpow2, @function
nextpow2:
    lea     eax, [rdi - 1]
    mov     ecx, eax
    shr     ecx
    or      eax, ecx
    mov     ecx, eax
    shr     ecx, 2
    or      eax, ecx
    mov     ecx, eax
    shr     ecx, 4
    or      eax, ecx
    mov     ecx, eax
    shr     ecx, 8
    or      eax, ecx
    mov     ecx, eax
    shr     ecx, 16
    or      eax, ecx
    inc     eax
    ret
    .size nextpow2, .-nextpow2
