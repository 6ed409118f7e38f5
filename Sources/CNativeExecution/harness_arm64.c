#if defined(__aarch64__)

#define _GNU_SOURCE
#include "harness.h"
#include "memory.h"

#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

const size_t harness_general_count = 33, harness_vector_count = 64;
const size_t harness_stub_bytes = 4, harness_trap_bytes = 0;

enum { SP = 31, NZCV = 32, LANDING_BYTES = 20 };

// The template's offsets into the block.
#define VECTORS "320"
#define HOST_STACK "2432"
#define THREAD_POINTER "2440"
#define LANDING "2448"
_Static_assert(offsetof(struct block, vectors) == 320, "VECTORS");
_Static_assert(offsetof(struct block, host_stack) == 2432, "HOST_STACK");
_Static_assert(offsetof(struct block, thread_pointer) == 2440, "THREAD_POINTER");
_Static_assert(offsetof(struct block, landing) == 2448, "LANDING");

#define EIGHT_PAIRS_OF_VECTORS(operation, n0, n1, n2, n3, n4, n5, n6, n7, offset) \
  operation " q" #n0 ", q" #n1 ", [x28, " VECTORS "+" #offset "]\n" \
  operation " q" #n2 ", q" #n3 ", [x28, " VECTORS "+" #offset "+32]\n" \
  operation " q" #n4 ", q" #n5 ", [x28, " VECTORS "+" #offset "+64]\n" \
  operation " q" #n6 ", q" #n7 ", [x28, " VECTORS "+" #offset "+96]\n"

#define ALL_VECTORS(operation) \
  EIGHT_PAIRS_OF_VECTORS(operation, 0, 1, 2, 3, 4, 5, 6, 7, 0) \
  EIGHT_PAIRS_OF_VECTORS(operation, 8, 9, 10, 11, 12, 13, 14, 15, 128) \
  EIGHT_PAIRS_OF_VECTORS(operation, 16, 17, 18, 19, 20, 21, 22, 23, 256) \
  EIGHT_PAIRS_OF_VECTORS(operation, 24, 25, 26, 27, 28, 29, 30, 31, 384)

#define PAIRS_FROM_X2(operation) \
  operation " x2, x3, [x28, 16]\n" operation " x4, x5, [x28, 32]\n" \
  operation " x6, x7, [x28, 48]\n" operation " x8, x9, [x28, 64]\n" \
  operation " x10, x11, [x28, 80]\n" operation " x12, x13, [x28, 96]\n" \
  operation " x14, x15, [x28, 112]\n" operation " x16, x17, [x28, 128]\n" \
  operation " x18, x19, [x28, 144]\n" operation " x20, x21, [x28, 160]\n" \
  operation " x22, x23, [x28, 176]\n" operation " x24, x25, [x28, 192]\n" \
  operation " x26, x27, [x28, 208]\n" operation " x29, x30, [x28, 232]\n"

// The template is copied next to the code under test. x28 addresses the block; on the way in its own
// load is the last, on the way out it is parked in TPIDR_EL0, which the block keeps for the C side:
// nothing between a landing and its restoration calls C or takes a signal.
__asm__(
  ".text\n.balign 8\n"
  ".globl harness_template\n.hidden harness_template\nharness_template:\n"
  "harness_block: .quad 0\n"  // patched: the block's address
  "harness_has_vectors: .quad 0\n"  // patched: 1 to move the vector registers
  ".globl harness_enter\n.hidden harness_enter\nharness_enter:\n"
  "stp x29, x30, [sp, -160]!\n"
  "stp x19, x20, [sp, 16]\nstp x21, x22, [sp, 32]\nstp x23, x24, [sp, 48]\n"
  "stp x25, x26, [sp, 64]\nstp x27, x28, [sp, 80]\n"
  "stp d8, d9, [sp, 96]\nstp d10, d11, [sp, 112]\n"
  "stp d12, d13, [sp, 128]\nstp d14, d15, [sp, 144]\n"
  "clrex\n"  // nothing is marked for a store-exclusive
  "ldr x28, harness_block\n"
  "mov x0, sp\nstr x0, [x28, " HOST_STACK "]\n"
  "mrs x0, tpidr_el0\nstr x0, [x28, " THREAD_POINTER "]\n"
  "ldr x0, harness_has_vectors\ncbz x0, 1f\n"
  ALL_VECTORS("ldp")
  "1: ldr x0, [x28, 256]\nmsr nzcv, x0\nand x0, x0, 0x8000000\nmsr fpsr, x0\n"
  "ldr x0, [x28, 248]\nmov sp, x0\n"
  "ldp x0, x1, [x28]\n"
  PAIRS_FROM_X2("ldp")
  "ldr x28, [x28, 224]\n"
  ".globl harness_jump\n.hidden harness_jump\nharness_jump: b .\n"  // patched: to the entry
  // x28 addresses the block, x0 and x1 are stored, x0 is the landing's index.
  ".globl harness_exit\n.hidden harness_exit\nharness_exit:\n"
  PAIRS_FROM_X2("stp")
  "str x0, [x28, " LANDING "]\n"
  "mov x0, sp\nstr x0, [x28, 248]\n"
  "mrs x0, nzcv\nmrs x1, fpsr\nand x1, x1, 0x8000000\norr x0, x0, x1\nstr x0, [x28, 256]\n"
  "mrs x0, tpidr_el0\nstr x0, [x28, 224]\n"
  "ldr x0, harness_has_vectors\ncbz x0, harness_return\n"
  ALL_VECTORS("stp")
  ".globl harness_return\n.hidden harness_return\nharness_return:\n"
  "ldr x28, harness_block\n"
  "ldr x0, [x28, " THREAD_POINTER "]\nmsr tpidr_el0, x0\n"
  "ldr x0, [x28, " HOST_STACK "]\nmov sp, x0\n"
  "ldp x19, x20, [sp, 16]\nldp x21, x22, [sp, 32]\nldp x23, x24, [sp, 48]\n"
  "ldp x25, x26, [sp, 64]\nldp x27, x28, [sp, 80]\n"
  "ldp d8, d9, [sp, 96]\nldp d10, d11, [sp, 112]\n"
  "ldp d12, d13, [sp, 128]\nldp d14, d15, [sp, 144]\n"
  "ldp x29, x30, [sp], 160\nret\n"
  // Stores what a landing needs for itself; each landing follows with MOVZ and B.
  ".globl harness_landing\n.hidden harness_landing\nharness_landing:\n"
  "msr tpidr_el0, x28\nldr x28, .\nstp x0, x1, [x28]\n"
  ".globl harness_end\n.hidden harness_end\nharness_end:\n");

extern const uint8_t harness_template[], harness_enter[], harness_jump[], harness_exit[],
  harness_return[], harness_landing[], harness_end[];

/// The offset of a place of the template.
static size_t offset(const uint8_t *place) { return (size_t)(place - harness_template); }

static void put(uint8_t *target, uint32_t instruction) { memcpy(target, &instruction, 4); }

/// B from one place to another; false if it does not reach.
static bool put_branch(uint8_t *from, uint64_t to) {
  int64_t distance = (int64_t)(to - (uint64_t)from);
  if (distance < -0x8000000 || distance >= 0x8000000 || distance % 4 != 0) return false;
  put(from, 0x14000000 | ((uint32_t)(distance / 4) & 0x3ffffff));
  return true;
}

void (*harness_emit(uint8_t *code, struct block *block, uint64_t entry, size_t landings,
                    bool vectors))(void) {
  uint64_t block_address = (uint64_t)block, has_vectors = vectors;
  memcpy(code, harness_template, offset(harness_landing));
  memcpy(code, &block_address, 8);
  memcpy(code + 8, &has_vectors, 8);
  put_branch(code + offset(harness_jump), entry);
  for (size_t i = 0; i < landings; i++) {
    uint8_t *landing = code + offset(harness_landing) + i * LANDING_BYTES;
    memcpy(landing, harness_landing, 12);
    int32_t distance = (int32_t)(code - (landing + 4)) / 4;
    put(landing + 4, 0x58000000 | ((uint32_t)distance & 0x7ffff) << 5 | 28);  // ldr x28, block
    put(landing + 12, 0xd2800000 | (uint32_t)i << 5);  // movz x0, index
    put_branch(landing + 16, (uint64_t)(code + offset(harness_exit)));
  }
  return (void (*)(void))(uintptr_t)(code + offset(harness_enter));
}

bool harness_emit_stub(uint8_t *target, const uint8_t *code, size_t index) {
  return put_branch(target, (uint64_t)(code + offset(harness_landing) + index * LANDING_BYTES));
}

void harness_emit_trap(uint8_t *target) { (void)target; }

void *harness_place(const uint64_t *addresses, size_t count, size_t byte_count) {
  // B reaches 128 MiB either way.
  for (int64_t step = 1; step <= 120; step++)
    for (int sign = -1; sign <= 1; sign += 2) {
      uint64_t place =
        (addresses[0] & -page_size()) + (uint64_t)(sign * step * 0x100000);
      bool reaches = true;
      for (size_t i = 0; i < count; i++) {
        int64_t distance = (int64_t)(addresses[i] - place);
        reaches = reaches && distance > -0x7f00000 && distance < 0x7f00000;
      }
      if (reaches && map_exactly(place, byte_count, PROT_READ | PROT_WRITE)) return (void *)place;
    }
  return NULL;
}

void harness_clean(struct block *block) { block->general[NZCV] &= 0xf8000000; }

void harness_store(const ucontext_t *context, struct block *block) {
  for (int i = 0; i < 31; i++) block->general[i] = context->uc_mcontext.regs[i];
  block->general[SP] = context->uc_mcontext.sp;
  block->general[NZCV] = context->uc_mcontext.pstate & 0xf0000000;
}

uint64_t harness_program_counter(const ucontext_t *context) { return context->uc_mcontext.pc; }

uint64_t harness_trap_address(uint64_t program_counter) { return program_counter; }

void harness_continue_at_landing(ucontext_t *context, const uint8_t *code, size_t index) {
  context->uc_mcontext.pc =
    (uint64_t)(code + offset(harness_landing) + index * LANDING_BYTES);
}

void harness_continue_at_return(ucontext_t *context, const uint8_t *code, struct block *block) {
  (void)block;
  context->uc_mcontext.pc = (uint64_t)(code + offset(harness_return));
}

#else
typedef int harness_arm64_is_not_for_this_machine;
#endif
