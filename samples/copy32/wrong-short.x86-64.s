# Wrong where the last byte of dst was another than src's: it copies 31, the last seven by an overlapping
# word that starts one byte too early.
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
    mov     rax, [rsi + 23]
    mov     [rdi + 23], rax
    ret
    .size copy32, .-copy32
