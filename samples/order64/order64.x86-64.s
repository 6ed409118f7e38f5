# -1, 0 or 1 from the carry and the condition above.
.intel_syntax noprefix
    .text
    .globl order64
    .type order64, @function
order64:
    cmp     rdi, rsi
    seta    al
    sbb     al, 0
    movsx   eax, al
    ret
    .size order64, .-order64
