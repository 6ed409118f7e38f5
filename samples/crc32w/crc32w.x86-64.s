# 32 steps in a loop; the mask is the negated bit that falls out.
.intel_syntax noprefix
    .text
    .globl crc32w
    .type crc32w, @function
crc32w:
    mov     eax, edi
    xor     eax, esi
    mov     ecx, 32
1:
    mov     edx, eax
    and     edx, 1
    neg     edx
    and     edx, 0xedb88320
    shr     eax
    xor     eax, edx
    dec     ecx
    jnz     1b
    ret
    .size crc32w, .-crc32w
