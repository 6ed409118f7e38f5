# Every x86-64 relocation that is applied, in sections whose linked bytes are a fixture too.
  .text
  .globl f, g, table
f:
  call g
  jmp g
  lea table+4(%rip), %rax
  movl $table, %eax
  movq $table+1, %rax
  movabsq $table, %rax
  movq table@GOTPCREL(%rip), %rcx
  .reloc ., R_X86_64_NONE
  jne g
inner:
  call elsewhere
  .byte 0x48
  .type g, @function
g:
  ret
  .type h, @gnu_indirect_function
  .globl h
h:
  ret
  .size h, 1
  .section .rodata, "a"
table:
  .quad f, table+8
  .long table - .
  .long g - .
  .quad f - .
  .quad elsewhere
  .quad h
  .section .code, "ax"
  .globl other
other:
  call f
  ret
  .size other, . - other
