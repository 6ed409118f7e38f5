# Wrong where the key's register holds garbage above bit 7: no byte is then equal to it.
.intel_syntax noprefix
    .text
    .globl find
    .type find, @function
find:
    xor     eax, eax
1:
    cmp     rax, rdi
    je      2f
    movzx   ecx, byte ptr [rsi + rax]
    cmp     ecx, edx
    je      2f
    inc     rax
    jmp     1b
2:
    ret
    .size find, .-find
