# Loads all four words before it stores the first.
.intel_syntax noprefix
    .text
    .globl move32
    .type move32, @function
move32:
    mov     rax, [rsi]
    mov     rcx, [rsi + 8]
    mov     rdx, [rsi + 16]
    mov     r8, [rsi + 24]
    mov     [rdi], rax
    mov     [rdi + 8], rcx
    mov     [rdi + 16], rdx
    mov     [rdi + 24], r8
    ret
    .size move32, .-move32
