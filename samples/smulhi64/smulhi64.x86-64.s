# imul leaves the upper half in rdx.
.intel_syntax noprefix
    .text
    .globl smulhi64
    .type smulhi64, @function
smulhi64:
    mov     rax, rdi
    imul    rsi
    mov     rax, rdx
    ret
    .size smulhi64, .-smulhi64
