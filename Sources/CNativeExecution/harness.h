/// The code around the code under test: it loads a state, jumps to the entry, and stores the state
/// when control arrives at a landing. One implementation per ISA.
#pragma once

#include "native.h"

#include <signal.h>

enum { MAXIMUM_GENERAL = 40, MAXIMUM_VECTOR = 264, HARNESS_CODE_BYTES = 8192 };

/// What the harness and the signal handler share; it lies at a fixed place near the code.
struct block {
  uint64_t general[MAXIMUM_GENERAL];
  uint64_t vectors[MAXIMUM_VECTOR];
  uint64_t host_stack;
  uint64_t thread_pointer;
  uint64_t landing;
  uint64_t entry;
  uint64_t control;
};

/// The number of general registers of a state and that of 64-bit words of vector registers.
extern const size_t harness_general_count, harness_vector_count;

/// The most bytes that a landing's stub takes; where there is less room, one trapping byte does.
extern const size_t harness_stub_bytes;

/// A place of `byte_count` free bytes that code at all those addresses can reach, mapped writable; or
/// NULL.
void *harness_place(const uint64_t *addresses, size_t count, size_t byte_count);

/// Writes the harness's code, HARNESS_CODE_BYTES of it, for a state block; returns the function to
/// call for each state.
void (*harness_emit(uint8_t *code, struct block *block, uint64_t entry, size_t landings,
                    bool vectors))(void);

/// Writes the stub that records landing `index` at `target`; false if the harness is out of reach.
bool harness_emit_stub(uint8_t *target, const uint8_t *code, size_t index);

/// Removes from a state what the harness may not load (reserved flags).
void harness_clean(struct block *block);

/// The program counter at a signal.
uint64_t harness_program_counter(const ucontext_t *context);

/// The place of a trapping stub, if the signal at this program counter may come from one.
uint64_t harness_trap_address(uint64_t program_counter);

/// The bytes that trap, to be written where a whole stub has no room; 0 if the ISA needs none.
extern const size_t harness_trap_bytes;
void harness_emit_trap(uint8_t *target);

/// Stores the general registers at a signal to the block.
void harness_store(const ucontext_t *context, struct block *block);

/// Makes the interrupted thread go on with the recording of landing `index`.
void harness_continue_at_landing(ucontext_t *context, const uint8_t *code, size_t index);

/// Makes the interrupted thread return from the harness.
void harness_continue_at_return(ucontext_t *context, const uint8_t *code, struct block *block);
