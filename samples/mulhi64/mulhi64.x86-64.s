# mul leaves the upper half in rdx.
.intel_syntax noprefix
    .text
    .globl mulhi64
    .type mulhi64, @function
mulhi64:
    mov     rax, rdi
    mul     rsi
    mov     rax, rdx
    ret
    .size mulhi64, .-mulhi64
