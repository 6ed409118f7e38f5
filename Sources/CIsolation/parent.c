#define _GNU_SOURCE
#include "interrupt.h"
#include "isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int64_t tick_nanoseconds = 100000000;

/// How far the child's message has come.
struct reading {
  uint64_t length;
  size_t header_count;
  size_t byte_count;
  bool closed;
};

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * (int64_t)1000000000 + time.tv_nsec;
}

/// Judges the length that the child announced; true if the message needs no further reading.
static bool begin_message(struct reading *state, size_t limit, struct isolation_report *report) {
  if (state->length == UINT64_MAX) {
    report->ending = ISOLATION_OUT_OF_MEMORY;
    return true;
  }
  report->bytes = state->length > limit ? NULL : malloc(state->length + 1);
  report->byte_count = state->length;
  report->ending = report->bytes ? ISOLATION_FINISHED : ISOLATION_OUTPUT_TOO_LARGE;
  return report->bytes == NULL || state->length == 0;
}

/// Reads what there is without blocking; true once the message is complete or refused.
static bool read_some(
  int descriptor, struct reading *state, size_t limit, struct isolation_report *report) {
  for (;;) {
    bool in_header = state->header_count < sizeof state->length;
    void *target = in_header ? (char *)&state->length + state->header_count
                             : (char *)report->bytes + state->byte_count;
    size_t wanted = in_header ? sizeof state->length - state->header_count
                              : (size_t)state->length - state->byte_count;
    ssize_t got = read(descriptor, target, wanted);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) {
      state->closed = true;
      return false;
    }
    if (in_header) {
      state->header_count += (size_t)got;
      bool complete = state->header_count == sizeof state->length;
      if (complete && begin_message(state, limit, report)) return true;
    } else {
      state->byte_count += (size_t)got;
      if (state->byte_count == state->length) return true;
    }
  }
}

/// True once the child has ended; it stays unreaped, so its group's number is not reused.
static bool has_ended(pid_t process, struct isolation_report *report) {
  siginfo_t information = {.si_pid = 0};
  if (waitid(P_PID, (id_t)process, &information, WEXITED | WNOHANG | WNOWAIT) != 0)
    return errno == ECHILD;
  if (information.si_pid == 0) return false;
  report->ending = information.si_code == CLD_EXITED ? ISOLATION_EXITED : ISOLATION_KILLED;
  report->detail = information.si_status;
  return true;
}

/// Sleeps until the pipe has something, a signal comes, or `limit` nanoseconds have passed.
static void await(int descriptor, bool closed, int64_t limit) {
  // After the child closed its end there is nothing to wait on but its death.
  const int64_t pause = 2000000;
  if (closed && limit > pause) limit = pause;
  struct timespec time = {limit / 1000000000, limit % 1000000000};
  struct pollfd poll = {.fd = descriptor, .events = POLLIN};
  ppoll(&poll, closed ? 0 : 1, &time, NULL);
}

/// Waits until the child has delivered or ended or must be stopped.
static void watch(
  const struct isolation_child *child, const struct isolation_limits *limits,
  struct isolation_report *report) {
  struct reading state = {0};
  int64_t start = now(), next_tick = tick_nanoseconds;
  for (;;) {
    int64_t elapsed = now() - start;
    if (!state.closed && read_some(child->descriptor, &state, limits->output_limit, report)) return;
    if (isolation_interrupts() != child->interrupts) return;
    struct isolation_report end = *report;
    if ((state.closed || elapsed >= next_tick) && has_ended(child->process, &end)) {
      // What it wrote between the last reading and its end still counts.
      if (state.closed || !read_some(child->descriptor, &state, limits->output_limit, report)) {
        report->ending = end.ending;
        report->detail = end.detail;
      }
      return;
    }
    if (elapsed >= next_tick) {
      next_tick = elapsed + tick_nanoseconds;
      if (limits->tick) limits->tick(limits->context, elapsed);
    }
    if (limits->nanoseconds >= 0 && elapsed >= limits->nanoseconds) {
      report->ending = ISOLATION_TIMED_OUT;
      return;
    }
    int64_t pause = next_tick - elapsed;
    if (limits->nanoseconds >= 0 && limits->nanoseconds - elapsed < pause)
      pause = limits->nanoseconds - elapsed;
    await(child->descriptor, state.closed, pause);
  }
}

void isolation_wait(
  struct isolation_child *child, const struct isolation_limits *limits,
  struct isolation_report *report) {
  *report = (struct isolation_report){.ending = ISOLATION_EXITED, .detail = -1};
  fcntl(child->descriptor, F_SETFL, O_NONBLOCK);
  watch(child, limits, report);
  kill(-child->process, SIGKILL);
  kill(child->process, SIGKILL);
  while (waitpid(child->process, NULL, 0) < 0 && errno == EINTR) continue;
  close(child->descriptor);
  isolation_lock();
  // An interrupt wins over a result: the person who pressed the key must not be ignored.
  if (isolation_interrupts() != child->interrupts) report->ending = ISOLATION_INTERRUPTED;
  isolation_end_interrupts();
  isolation_unlock();
  if (report->ending != ISOLATION_FINISHED) {
    free(report->bytes);
    report->bytes = NULL;
    report->byte_count = 0;
  }
}

bool isolation_was_interrupted(const struct isolation_child *child) {
  return isolation_interrupts() != child->interrupts;
}

void isolation_release(uint8_t *bytes) { free(bytes); }
