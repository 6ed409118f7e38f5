# add and adc.
.intel_syntax noprefix
    .text
    .globl add128
    .type add128, @function
add128:
    mov     rax, rdi
    add     rax, rdx
    adc     rsi, rcx
    mov     rdx, rsi
    ret
    .size add128, .-add128
