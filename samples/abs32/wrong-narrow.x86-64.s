# Wrong where the argument's register holds garbage above bit 31: all 64 bits are taken for x.
.intel_syntax noprefix
    .text
    .globl abs32
    .type abs32, @function
abs32:
    mov     rax, rdi
    neg     rax
    cmovs   rax, rdi
    ret
    .size abs32, .-abs32
