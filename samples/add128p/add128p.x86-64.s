# Loads all limbs before it stores the first.
.intel_syntax noprefix
    .text
    .globl add128p
    .type add128p, @function
add128p:
    mov     rax, [rsi]
    mov     rcx, [rsi + 8]
    add     rax, [rdx]
    adc     rcx, [rdx + 8]
    mov     [rdi], rax
    mov     [rdi + 8], rcx
    ret
    .size add128p, .-add128p
