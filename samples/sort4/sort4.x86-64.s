# The network (0,1) (2,3) (0,2) (1,3) (1,2) with conditional moves; rbx is saved on the stack.
.intel_syntax noprefix
    .text
    .globl sort4
    .type sort4, @function
sort4:
    push    rbx
    mov     eax, [rdi]
    mov     ebx, [rdi + 4]
    mov     ecx, [rdi + 8]
    mov     edx, [rdi + 12]
    mov     r8d, eax
    cmp     ebx, eax
    cmovl   eax, ebx
    cmovl   ebx, r8d
    mov     r8d, ecx
    cmp     edx, ecx
    cmovl   ecx, edx
    cmovl   edx, r8d
    mov     r8d, eax
    cmp     ecx, eax
    cmovl   eax, ecx
    cmovl   ecx, r8d
    mov     r8d, ebx
    cmp     edx, ebx
    cmovl   ebx, edx
    cmovl   edx, r8d
    mov     r8d, ebx
    cmp     ecx, ebx
    cmovl   ebx, ecx
    cmovl   ecx, r8d
    mov     [rdi], eax
    mov     [rdi + 4], ebx
    mov     [rdi + 8], ecx
    mov     [rdi + 12], edx
    pop     rbx
    ret
    .size sort4, .-sort4
