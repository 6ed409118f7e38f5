# Wrong where the low halves carry: an instruction between add and adc sets the flags (xor clears the carry).
.intel_syntax noprefix
    .text
    .globl add128
    .type add128, @function
add128:
    mov     rax, rdi
    add     rax, rdx
    xor     edx, edx
    adc     rsi, rcx
    add     rdx, rsi
    ret
    .size add128, .-add128
