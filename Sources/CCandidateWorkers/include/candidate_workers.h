/// Worker processes: started by any thread of any host, ended with it, and nothing of the host's
/// touched (no handlers, no environment, no descriptors but the worker's own).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A running worker as its host sees it.
struct candidate_worker {
  pid_t process;
  /// The host's end of the socket to it.
  int socket;
};

/// Starts `arguments[0]` with its end of a socket as descriptor 0 and nothing else open but
/// /dev/null as 1 and 2. Returns 0 or an error number. Does not fork: other threads do not matter.
int candidate_worker_start(struct candidate_worker *worker, char *const arguments[]);

/// Ends the worker, if it still runs, with all that it started, and releases what it held.
void candidate_worker_stop(struct candidate_worker *worker);

/// Releases the socket and leaves the process alone: it belongs to the process that this one was
/// forked from.
void candidate_worker_forget(struct candidate_worker *worker);

/// Sends all bytes, without SIGPIPE; false if the other end is gone or the deadline passed
/// (nanoseconds of the monotonic clock; negative for none).
bool candidate_worker_send(int socket, const void *bytes, size_t byte_count, int64_t deadline);

/// Waits for bytes and receives at most `capacity` (not 0) of those that have come; tells how many. 0: the other end is
/// gone; -1: the deadline passed.
ssize_t candidate_worker_receive(int socket, void *bytes, size_t capacity, int64_t deadline);

/// Nanoseconds of the monotonic clock.
int64_t candidate_worker_now(void);

/// In the worker: ends the process when the host closes the socket or ends, even in mid-work.
void candidate_worker_watch_host(int socket);

/// In the worker: the address space, in bytes, beyond which allocations fail.
void candidate_worker_limit_memory(uint64_t bytes);
