/// A forked child that computes some bytes, and the parent that waits for them.
///
/// The only process-wide state is the count of interrupts and the saved SIGINT action, which a mutex
/// guards; the mutex is held across fork, so a child may itself start children.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A running child: filled in by isolation_fork, consumed by isolation_wait.
struct isolation_child {
  pid_t process;
  int descriptor;
  unsigned interrupts;
};

/// How a child ended.
enum isolation_ending {
  ISOLATION_FINISHED,
  ISOLATION_TIMED_OUT,
  ISOLATION_OUT_OF_MEMORY,
  ISOLATION_KILLED,
  ISOLATION_EXITED,
  ISOLATION_INTERRUPTED,
  ISOLATION_OUTPUT_TOO_LARGE,
};

/// What the parent allows: nanoseconds (negative: for ever) and bytes of output; `tick`, if any, is
/// called about every 100 ms with the nanoseconds since isolation_wait began.
struct isolation_limits {
  int64_t nanoseconds;
  size_t output_limit;
  void (*tick)(void *context, int64_t elapsed);
  void *context;
};

/// The ending, its detail (signal, exit status) and the bytes, for isolation_release.
struct isolation_report {
  enum isolation_ending ending;
  int detail;
  uint8_t *bytes;
  size_t byte_count;
};

/// Forks. Returns 1 in the parent, 0 in the child, and minus the error number on failure.
///
/// The child leads a process group of its own, dies with the thread that made it, dumps no core, has
/// the default actions for SIGINT and for crashes, and may grow its address space by at most `memory`
/// bytes if `limits_memory`.
int isolation_fork(struct isolation_child *child, bool limits_memory, uint64_t memory);

/// In the child: sends the bytes and ends without running any exit handler.
_Noreturn void isolation_deliver(const uint8_t *bytes, size_t byte_count);

/// In the child: says that memory ran out and ends.
_Noreturn void isolation_deliver_out_of_memory(void);

/// In the parent: waits for the child within the limits, ends its whole process group and reaps it.
void isolation_wait(
  struct isolation_child *child, const struct isolation_limits *limits,
  struct isolation_report *report);

/// In the parent: whether the user asked to stop since the child was made.
bool isolation_was_interrupted(const struct isolation_child *child);

/// An empty file in memory that programs do not inherit; negative, with `errno`, if there is none.
int isolation_memory_file(void);

/// Frees the bytes of a report.
void isolation_release(uint8_t *bytes);
