#define _GNU_SOURCE
#include "interrupt.h"
#include "isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/// The length that means "out of memory" instead of a length.
static const uint64_t out_of_memory_mark = UINT64_MAX;

/// The child's end of the pipe.
static int delivery = -1;

/// The room that a crash needs to be left to count as anything but exhaustion.
static size_t reserve;

static const int crashes[] = {SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};

static void send_all(const void *bytes, size_t byte_count) {
  const char *next = bytes;
  while (byte_count > 0) {
    ssize_t sent = write(delivery, next, byte_count);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) _exit(EXIT_FAILURE);
    next += sent;
    byte_count -= (size_t)sent;
  }
}

_Noreturn void isolation_deliver(const uint8_t *bytes, size_t byte_count) {
  // A wider pipe saves wake-ups; that it may be refused does not matter.
  if (byte_count > 65536) (void)fcntl(delivery, F_SETPIPE_SZ, 1 << 20);
  uint64_t header = byte_count;
  send_all(&header, sizeof header);
  send_all(bytes, byte_count);
  _exit(EXIT_SUCCESS);
}

_Noreturn void isolation_deliver_out_of_memory(void) {
  send_all(&out_of_memory_mark, sizeof out_of_memory_mark);
  _exit(EXIT_FAILURE);
}

/// Tells a crash for want of memory from any other: malloc has just left ENOMEM in errno, or nothing
/// more can be mapped. Other crashes happen again with the default action.
static void classify_crash(int signal) {
  bool exhausted = errno == ENOMEM;
  if (!exhausted) {
    void *probe = mmap(NULL, reserve, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    exhausted = probe == MAP_FAILED;
    if (!exhausted) munmap(probe, reserve);
  }
  if (exhausted) isolation_deliver_out_of_memory();
  raise(signal);
}

static void set_crash_action(void (*action)(int)) {
  static char stack[32768];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  if (action != SIG_DFL) sigaltstack(&alternate, NULL);
  struct sigaction crash = {.sa_handler = action, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
  sigemptyset(&crash.sa_mask);
  for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) sigaction(crashes[i], &crash, NULL);
}

/// The bytes of address space in use, or 0 if /proc does not tell.
static uint64_t address_space(void) {
  char text[64] = {0};
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t got = read(file, text, sizeof text - 1);
  close(file);
  return got <= 0 ? 0 : strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// Lets the address space grow by `memory` bytes beyond the `used` ones.
static void limit_memory(uint64_t used, uint64_t memory) {
  struct rlimit limit;
  getrlimit(RLIMIT_AS, &limit);
  uint64_t wanted;
  if (__builtin_add_overflow(used, memory, &wanted)) return;
  if (wanted < limit.rlim_max) limit.rlim_max = wanted;
  if (wanted < limit.rlim_cur) limit.rlim_cur = wanted;
  setrlimit(RLIMIT_AS, &limit);
  // An eighth of the limit, at most 1 MiB: a child whose crash leaves less had run out.
  reserve = memory / 8 < (1 << 20) ? memory / 8 : 1 << 20;
  if (reserve < 65536) reserve = 65536;
  set_crash_action(classify_crash);
}

/// Makes the new process the child that the header describes.
static void become_child(pid_t parent, bool limits_memory, uint64_t used, uint64_t memory) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGINT, SIG_DFL);
  set_crash_action(SIG_DFL);
  sigset_t nothing;
  sigemptyset(&nothing);
  sigprocmask(SIG_SETMASK, &nothing, NULL);
  if (limits_memory) limit_memory(used, memory);
  // What an allocation of the parent's left there says nothing of this process.
  errno = 0;
}

int isolation_fork(struct isolation_child *child, bool limits_memory, uint64_t memory) {
  int ends[2];
  pid_t parent = getpid();
  // Asked here since a new child is slow at anything that it is the first to do.
  uint64_t used = limits_memory ? address_space() : 0;
  // The lock also keeps other threads' children from inheriting this pipe's writing end.
  isolation_lock();
  if (pipe2(ends, O_CLOEXEC) != 0) {
    int error = errno;
    isolation_unlock();
    return -error;
  }
  child->interrupts = isolation_begin_interrupts();
  child->process = fork();
  int error = errno;
  if (child->process == 0) {
    isolation_forget_interrupts();
    isolation_unlock();
    close(ends[0]);
    delivery = ends[1];
    become_child(parent, limits_memory, used, memory);
    return 0;
  }
  close(ends[1]);
  if (child->process < 0) isolation_end_interrupts();
  isolation_unlock();
  if (child->process < 0) {
    close(ends[0]);
    return -error;
  }
  setpgid(child->process, child->process);
  child->descriptor = ends[0];
  return 1;
}

int isolation_memory_file(void) { return memfd_create("binverify", MFD_CLOEXEC); }
