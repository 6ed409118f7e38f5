# Word by word; the buffers do not overlap.
.intel_syntax noprefix
    .text
    .globl copy32
    .type copy32, @function
copy32:
    mov     rax, [rsi]
    mov     [rdi], rax
    mov     rax, [rsi + 8]
    mov     [rdi + 8], rax
    mov     rax, [rsi + 16]
    mov     [rdi + 16], rax
    mov     rax, [rsi + 24]
    mov     [rdi + 24], rax
    ret
    .size copy32, .-copy32
