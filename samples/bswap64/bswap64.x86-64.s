# One instruction.
.intel_syntax noprefix
    .text
    .globl bswap64
    .type bswap64, @function
bswap64:
    mov     rax, rdi
    bswap   rax
    ret
    .size bswap64, .-bswap64
