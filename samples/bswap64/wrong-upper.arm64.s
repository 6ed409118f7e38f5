// Wrong where the two words differ: rev32 reverses the bytes of each word and leaves the words in place.
    .text
    .globl bswap64
    .type bswap64, %function
bswap64:
    rev32   x0, x0
    ret
    .size bswap64, .-bswap64
