# The absolute value without a branch.
.intel_syntax noprefix
    .text
    .globl abs32
    .type abs32, @function
abs32:
    mov     eax, edi
    neg     eax                      # SF is the sign of -x
    cmovs   eax, edi                 # -x < 0: x is the answer, and the minimum is its own
    ret
    .size abs32, .-abs32
