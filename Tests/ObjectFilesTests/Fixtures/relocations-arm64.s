// Every AArch64 relocation that is applied, in sections whose linked bytes are a fixture too.
  .text
  .globl f, g, table
f:
  bl g
  b g
  b.eq g
  cbz x0, g
  tbz x0, #1, g
  adr x1, table
  adrp x2, table
  add x2, x2, :lo12:table+5
  ldrb w3, [x2, :lo12:table+5]
  ldrh w3, [x2, :lo12:table+2]
  ldr w3, [x2, :lo12:table+4]
  ldr x3, [x2, :lo12:table+8]
  ldr q3, [x2, :lo12:table+16]
  ldr x4, table
  movz x5, #:abs_g3:table
  movk x5, #:abs_g2_nc:table
  movk x5, #:abs_g1_nc:table
  movk x5, #:abs_g0_nc:table
  movz x6, #:abs_g2:table
  movz x6, #:abs_g1:table
  movz x7, #:abs_g1_s:table
  movz x7, #:abs_g2_s:table-0x1000000000000
  movz x7, #:abs_g1_s:table-0x80000000
  adrp x8, :got:table
inner:
  bl elsewhere
  .type g, %function
g:
  ret
  .type h, %gnu_indirect_function
  .globl h
h:
  ret
  .size h, 4
  .section .rodata, "a"
  .balign 16
table:
  .quad f, table+8
  .word table - .
  .word g - .
  .quad f - .
  .quad elsewhere
  .quad h
  .word table
  .section .code, "ax"
  .globl other
other:
  bl f
  ret
  .size other, . - other
