# Wrong always: it returns as a callee that takes its arguments off the stack, so rsp is 8 too high.
.intel_syntax noprefix
    .text
    .globl manhattan
    .type manhattan, @function
manhattan:
    push    rbx
    mov     r8d, esi
    mov     r9d, ecx
    mov     esi, edx
    call    distance
    mov     ebx, eax
    mov     edi, r8d
    mov     esi, r9d
    call    distance
    add     eax, ebx
    pop     rbx
    ret     8
    .size manhattan, .-manhattan

    .type distance, @function
distance:
    mov     eax, edi
    sub     eax, esi
    mov     ecx, esi
    sub     ecx, edi
    cmp     edi, esi
    cmovb   eax, ecx
    ret
    .size distance, .-distance
