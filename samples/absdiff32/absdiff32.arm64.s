// The difference, negated where a < b.
    .text
    .globl absdiff32
    .type absdiff32, %function
absdiff32:
    subs    w0, w0, w1
    cneg    w0, w0, lt
    ret
    .size absdiff32, .-absdiff32
