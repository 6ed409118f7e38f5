# x ^ (x - 1) is above x - 1 exactly when one bit is set.
.intel_syntax noprefix
    .text
    .globl ispow2
    .type ispow2, @function
ispow2:
    lea     eax, [rdi - 1]
    xor     edi, eax
    cmp     eax, edi
    setb    al
    ret
    .size ispow2, .-ispow2
