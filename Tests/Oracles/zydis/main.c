// Zydis on many codes: reads records of 16 bytes (how many bytes, and 15 of them) from standard input
// and writes a line for each: 0 where they are no instruction, or the length and the instruction
// with its operands, at address 0, spelled so that they are easy to compare:
//
//   mnemonic OPERAND, ...     al   imm:-1   to:0x1234   mem32[rax+rcx*4+16]   k1   z
//
// An immediate has the sign of its encoding; memory has its width in bits, none where only its
// address is used or the index is a vector, and `b` instead where an element of it is broadcast. Masks come last.
#include <Zydis/Zydis.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int64_t sign_extended(uint64_t value, int bits) {
  return bits >= 64 ? (int64_t)value : (int64_t)(value << (64 - bits)) >> (64 - bits);
}

static void print_memory(const ZydisDecodedInstruction *instruction,
                         const ZydisDecodedOperand *operand) {
  const ZydisDecodedOperandMem *memory = &operand->mem;
  int broadcasts = instruction->avx.broadcast.mode != ZYDIS_BROADCAST_MODE_INVALID &&
                   !instruction->avx.broadcast.is_static;
  printf("mem");
  if (broadcasts)
    printf("b");
  else if (memory->type == ZYDIS_MEMOP_TYPE_MEM)
    printf("%d", operand->size);
  printf("[");
  if (memory->base != ZYDIS_REGISTER_NONE) printf("%s", ZydisRegisterGetString(memory->base));
  if (memory->index != ZYDIS_REGISTER_NONE)
    printf("+%s*%d", ZydisRegisterGetString(memory->index), memory->scale);
  printf("%+" PRId64 "]", memory->disp.has_displacement ? memory->disp.value : 0);
}

static void print_operand(const ZydisDecodedInstruction *instruction,
                          const ZydisDecodedOperand *operand, int immediate) {
  switch (operand->type) {
  case ZYDIS_OPERAND_TYPE_REGISTER: printf("%s", ZydisRegisterGetString(operand->reg.value)); break;
  case ZYDIS_OPERAND_TYPE_MEMORY: print_memory(instruction, operand); break;
  case ZYDIS_OPERAND_TYPE_IMMEDIATE:
    if (operand->imm.is_relative)
      printf("to:0x%" PRIx64, instruction->length + operand->imm.value.s);
    else
      printf("imm:%" PRId64,
             sign_extended(operand->imm.value.u,
                           operand->encoding == ZYDIS_OPERAND_ENCODING_NONE
                               ? 8 : instruction->raw.imm[immediate].size));
    break;
  default: printf("?");
  }
}

int main(void) {
  ZydisDecoder decoder;
  ZydisDecodedInstruction instruction;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  unsigned char record[16];
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  while (fread(record, 1, sizeof record, stdin) == sizeof record) {
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, record + 1, record[0], &instruction,
                                             operands))) {
      puts("0");
      continue;
    }
    printf("%d %s", instruction.length, ZydisMnemonicGetString(instruction.mnemonic));
    const char *separator = " ";
    int immediate = 0;
    for (int i = 0; i < instruction.operand_count_visible; i++) {
      if (operands[i].encoding == ZYDIS_OPERAND_ENCODING_MASK) continue;
      fputs(separator, stdout);
      print_operand(&instruction, &operands[i], immediate);
      if (operands[i].type == ZYDIS_OPERAND_TYPE_IMMEDIATE &&
          operands[i].encoding != ZYDIS_OPERAND_ENCODING_NONE)
        immediate = 1;
      separator = ", ";
    }
    if (instruction.avx.mask.reg != ZYDIS_REGISTER_NONE &&
        instruction.avx.mask.reg != ZYDIS_REGISTER_K0 &&
        instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX) {
      printf("%s%s", separator, ZydisRegisterGetString(instruction.avx.mask.reg));
      if (instruction.raw.evex.z) printf(", z");
    }
    putchar('\n');
  }
}
