#if defined(__x86_64__)

#define _GNU_SOURCE
#include "harness.h"
#include "memory.h"

#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { RAX = 0, RSP = 4, FLAGS = 16, LANDING_BYTES = 18 };

/// CF, PF, AF, ZF, SF, OF and DF.
static const uint64_t tested_flags = 0xcd5;

const size_t harness_general_count = 17, harness_vector_count = 264;
const size_t harness_stub_bytes = 7, harness_trap_bytes = 1;

/// Where the parts of the last harness emitted begin, from its code's start.
static size_t landings_offset, return_offset, pointers_offset;

/// A position in the code being written.
struct cursor {
  uint8_t *next;
};

static void emit(struct cursor *cursor, const void *bytes, size_t count) {
  memcpy(cursor->next, bytes, count);
  cursor->next += count;
}

#define EMIT(cursor, ...) \
  emit(cursor, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/// A 32-bit absolute address: ModRM.reg = `reg`, a SIB byte without base and index, disp32.
static void emit_operand(struct cursor *cursor, unsigned reg, const void *address) {
  uint32_t displacement = (uint32_t)(uintptr_t)address;
  EMIT(cursor, (uint8_t)((reg & 7) << 3 | 4), 0x25);
  emit(cursor, &displacement, 4);
}

/// MOV between a 64-bit register and memory: opcode 8B loads, 89 stores.
static void emit_move(struct cursor *cursor, uint8_t opcode, unsigned reg, const void *address) {
  EMIT(cursor, reg < 8 ? 0x48 : 0x4c, opcode);
  emit_operand(cursor, reg, address);
}

/// Moves all vector registers that this CPU has between the block and the CPU.
static void emit_vectors(struct cursor *cursor, struct block *block, bool load) {
  bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  bool avx = __builtin_cpu_supports("avx");
  for (unsigned reg = 0; reg < (wide ? 32 : 16); reg++) {
    uint8_t high = reg & 8 ? 0 : 0x80, higher = reg & 16 ? 0 : 0x10;
    if (wide)  // VMOVDQU64 zmm: EVEX.512.F3.0F.W1 6F/7F
      EMIT(cursor, 0x62, (uint8_t)(0x61 | high | higher), 0xfe, 0x48, load ? 0x6f : 0x7f);
    else if (avx)  // VMOVDQU ymm: VEX.256.F3.0F 6F/7F
      EMIT(cursor, 0xc4, (uint8_t)(0x61 | high), 0x7e, load ? 0x6f : 0x7f);
    else  // MOVUPS xmm: REX 0F 10/11
      EMIT(cursor, reg & 8 ? 0x44 : 0x40, 0x0f, load ? 0x10 : 0x11);
    emit_operand(cursor, reg, &block->vectors[reg * 8]);
  }
  for (unsigned mask = 0; wide && mask < 8; mask++) {
    // KMOVQ k, m64: VEX.L0.0F.W1 90/91
    EMIT(cursor, 0xc4, 0xe1, 0xf8, load ? 0x90 : 0x91);
    emit_operand(cursor, mask, &block->vectors[256 + mask]);
  }
}

/// Saves what the C ABI wants kept, loads the state and jumps to the entry.
static void emit_entry(struct cursor *cursor, struct block *block, bool vectors) {
  EMIT(cursor, 0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57);  // push rbx ... r15
  emit_move(cursor, 0x89, RSP, &block->host_stack);
  if (vectors) emit_vectors(cursor, block, true);
  EMIT(cursor, 0xff);  // push [flags]
  emit_operand(cursor, 6, &block->general[FLAGS]);
  EMIT(cursor, 0x9d);  // popfq
  for (unsigned reg = 0; reg < 16; reg++) emit_move(cursor, 0x8b, reg, &block->general[reg]);
  EMIT(cursor, 0xff);  // jmp [entry]
  emit_operand(cursor, 4, &block->entry);
}

/// LANDING_BYTES of code: stores rax and goes on to the common part with the index in eax.
static void emit_landing(
  struct cursor *cursor, struct block *block, uint32_t index, const uint8_t *common) {
  emit_move(cursor, 0x89, RAX, &block->general[RAX]);
  EMIT(cursor, 0xb8);  // mov eax, index
  emit(cursor, &index, 4);
  int32_t distance = (int32_t)(common - (cursor->next + 5));
  EMIT(cursor, 0xe9);  // jmp common
  emit(cursor, &distance, 4);
}

/// Stores the state, then restores what the C ABI wants and returns.
static void emit_exit(
  struct cursor *cursor, const uint8_t *code, struct block *block, bool vectors) {
  for (unsigned reg = 1; reg < 16; reg++) emit_move(cursor, 0x89, reg, &block->general[reg]);
  emit_move(cursor, 0x8b, RSP, &block->host_stack);
  EMIT(cursor, 0x9c, 0x8f);  // pushfq, pop [flags]
  emit_operand(cursor, 0, &block->general[FLAGS]);
  emit_move(cursor, 0x89, RAX, &block->landing);
  if (vectors) emit_vectors(cursor, block, false);
  return_offset = (size_t)(cursor->next - code);
  emit_move(cursor, 0x8b, RSP, &block->host_stack);
  EMIT(cursor, 0xfc, 0x0f, 0xae);  // cld, ldmxcsr [control]
  emit_operand(cursor, 2, &block->control);
  if (__builtin_cpu_supports("avx")) EMIT(cursor, 0xc5, 0xf8, 0x77);  // vzeroupper
  EMIT(cursor, 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3);
}

void (*harness_emit(uint8_t *code, struct block *block, uint64_t entry, size_t landings,
                    bool vectors))(void) {
  struct cursor cursor = {code};
  block->entry = entry;
  block->control = 0x1f80;
  emit_entry(&cursor, block, vectors);
  landings_offset = (size_t)(cursor.next - code);
  const uint8_t *common = cursor.next + landings * LANDING_BYTES;
  for (size_t i = 0; i < landings; i++) emit_landing(&cursor, block, (uint32_t)i, common);
  emit_exit(&cursor, code, block, vectors);
  pointers_offset = ((size_t)(cursor.next - code) + 7) & ~(size_t)7;
  for (size_t i = 0; i < landings; i++) {
    uint64_t landing = (uint64_t)(code + landings_offset + i * LANDING_BYTES);
    memcpy(code + pointers_offset + 8 * i, &landing, sizeof landing);
  }
  return (void (*)(void))(uintptr_t)code;
}

bool harness_emit_stub(uint8_t *target, const uint8_t *code, size_t index) {
  struct cursor cursor = {target};
  EMIT(&cursor, 0xff);  // jmp [pointer]
  emit_operand(&cursor, 4, code + pointers_offset + 8 * index);
  return true;
}

void harness_emit_trap(uint8_t *target) { *target = 0xcc; }

void *harness_place(const uint64_t *addresses, size_t count, size_t byte_count) {
  (void)addresses, (void)count;
  // Anywhere below 2 GiB, where a sign-extended disp32 reaches.
  for (uint64_t place = 0x7fe00000; place >= 0x10000000; place -= 0x100000)
    if (map_exactly(place, byte_count, PROT_READ | PROT_WRITE)) return (void *)place;
  return NULL;
}

void harness_clean(struct block *block) {
  block->general[FLAGS] &= tested_flags;
}

/// The places of rax, rcx, ... r15 in the kernel's register list.
static const int places[] = {
  REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

void harness_store(const ucontext_t *context, struct block *block) {
  for (int i = 0; i < 16; i++)
    block->general[i] = (uint64_t)context->uc_mcontext.gregs[places[i]];
  block->general[FLAGS] = (uint64_t)context->uc_mcontext.gregs[REG_EFL];
}

uint64_t harness_program_counter(const ucontext_t *context) {
  return (uint64_t)context->uc_mcontext.gregs[REG_RIP];
}

uint64_t harness_trap_address(uint64_t program_counter) { return program_counter - 1; }

void harness_continue_at_landing(ucontext_t *context, const uint8_t *code, size_t index) {
  context->uc_mcontext.gregs[REG_RIP] =
    (greg_t)(uintptr_t)(code + landings_offset + index * LANDING_BYTES);
}

void harness_continue_at_return(ucontext_t *context, const uint8_t *code, struct block *block) {
  (void)block;
  context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)(code + return_offset);
}

#else
typedef int harness_x86_is_not_for_this_machine;
#endif
