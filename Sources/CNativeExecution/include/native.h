/// Machine code run on this CPU from given states; the same source runs on x86-64 and on ARM64.
///
/// A job and its reply are arrays of 64-bit words in the machine's byte order, in memory shared with the
/// process that runs the code: a child, or a program under an emulator.
///
/// Job:    entry, flags, scratch address, scratch bytes (a multiple of 8), number of states, of
///         regions, of landings;
///         for each region its address, bytes and access, then its contents padded to words;
///         the landings' addresses. The states follow, or lie elsewhere.
/// State:  the general registers, if NATIVE_VECTORS the vector registers, the scratch's words.
/// Reply:  status, address at fault; for each state an ending (4 words) and the final state; if
///         NATIVE_RETURN_REGIONS the contents of each writable region, padded to words.
/// Ending: kind, detail (where it landed; or the signal), faulting address, program counter.
///
/// General registers: x86-64 rax rcx rdx rbx rsp rbp rsi rdi r8-r15 rflags (status flags and DF only);
/// ARM64 x0-x30 sp nzcv (bits 31:28) with FPSR.QC (bit 27). Vector registers: x86-64 32 slots of 64 bytes and 8 masks, as
/// far as the CPU has them; ARM64 32 slots of 16 bytes. After a signal the vector registers are those
/// of the initial state.
///
/// One thread of a process may perform jobs at a time; the code under test may break that process.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The places of a job's fixed words.
enum native_job_word {
  NATIVE_ENTRY,
  NATIVE_FLAGS,
  NATIVE_SCRATCH_ADDRESS,
  NATIVE_SCRATCH_BYTES,
  NATIVE_STATE_COUNT,
  NATIVE_REGION_COUNT,
  NATIVE_LANDING_COUNT,
  NATIVE_JOB_HEADER,
};

/// Flags of a job.
enum native_flag { NATIVE_VECTORS = 1, NATIVE_RETURN_REGIONS = 2 };

/// Access to a region, besides reading.
enum native_access { NATIVE_WRITE = 1, NATIVE_EXECUTE = 2 };

/// Why a job was not run, or that it was.
enum native_status {
  NATIVE_DONE,
  NATIVE_CANNOT_MAP,
  NATIVE_LANDING_OVERLAPS,
  NATIVE_NO_ROOM_FOR_HARNESS,
};

/// How a state's run ended.
enum native_ending { NATIVE_NOT_RUN, NATIVE_UNFINISHED, NATIVE_LANDED, NATIVE_SIGNAL };

enum { NATIVE_REPLY_HEADER = 2, NATIVE_ENDING_WORDS = 4, NATIVE_MAXIMUM_LANDINGS = 64 };

/// The name of this machine's ISA, or NULL if there is no harness for it.
const char *native_isa(void);

/// The words that a reply to the job takes.
size_t native_reply_words(const uint64_t *job);

/// The words of a job without its states.
size_t native_job_words(const uint64_t *job);

/// Runs the job from these states. The reply must be zero at first; it is filled state by state.
void native_perform(const uint64_t *job, const uint64_t *states, uint64_t *reply);

/// The words of a job's states.
size_t native_states_words(const uint64_t *job);

/// What a server is asked: to perform the jobs that lie one after the other, each with its states
/// behind it, at the beginning of the shared memory, and to write the replies one after the other.
struct native_request {
  uint64_t byte_count;  // of the memory
  uint64_t job_count;
  uint64_t reply_offset;  // in words
};

/// The file descriptor at which a started server finds the shared memory; its socket is 0.
enum { NATIVE_MEMORY_FILE = 3 };

/// Serves requests that come through a socket until it ends; answers each with a word.
void native_serve(int socket, int memory);

/// Forks a process that serves; returns its id or a negative error number.
int native_fork_server(int socket, int memory);

/// A file for memory to be shared with a server, or -1.
int native_memory(void);

/// Maps the file's first bytes, or returns NULL.
void *native_map(int memory, size_t byte_count);

/// Lets this process keep the memory that it frees, which is faster where much is freed and wanted again.
void native_keep_freed_memory(void);

/// Memory shared with future children, zero at first, or NULL.
void *native_share(size_t byte_count);

/// Gets the pages of shared memory that is about to be written, which is faster than one by one.
void native_prefault(void *memory, size_t byte_count);

/// Gives shared memory back.
void native_unshare(void *memory, size_t byte_count);
