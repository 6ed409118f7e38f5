# Two words of differences, ored.
.intel_syntax noprefix
    .text
    .globl eq16
    .type eq16, @function
eq16:
    mov     rax, [rdi]
    xor     rax, [rsi]
    mov     rcx, [rdi + 8]
    xor     rcx, [rsi + 8]
    xor     edx, edx
    or      rax, rcx
    sete    dl
    mov     eax, edx
    ret
    .size eq16, .-eq16
