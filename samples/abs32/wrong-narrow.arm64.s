// Wrong where the argument's register holds garbage above bit 31: all 64 bits are taken for x.
    .text
    .globl abs32
    .type abs32, %function
abs32:
    cmp     x0, #0
    cneg    x0, x0, lt
    ret
    .size abs32, .-abs32
