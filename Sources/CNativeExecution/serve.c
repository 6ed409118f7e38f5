#define _GNU_SOURCE
#include "native.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Reads exactly these bytes; false at the end of the input.
static bool read_all(int file, void *target, size_t byte_count) {
  char *next = target;
  while (byte_count > 0) {
    ssize_t got = read(file, next, byte_count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    next += got;
    byte_count -= (size_t)got;
  }
  return true;
}

void native_serve(int socket, int memory) {
  uint64_t *words = NULL;
  size_t mapped = 0;
  struct native_request request;
  while (read_all(socket, &request, sizeof request)) {
    if (request.byte_count > mapped) {
      if (words != NULL) munmap(words, mapped);
      words = native_map(memory, request.byte_count);
      if (words == NULL) return;
      mapped = request.byte_count;
    }
    const uint64_t *job = words;
    uint64_t *reply = words + request.reply_offset;
    for (uint64_t i = 0; i < request.job_count; i++) {
      const uint64_t *states = job + native_job_words(job);
      size_t reply_words = native_reply_words(job);
      memset(reply, 0, reply_words * sizeof *reply);
      native_perform(job, states, reply);
      job = states + native_states_words(job);
      reply += reply_words;
    }
    if (send(socket, &request.job_count, sizeof request.job_count, MSG_NOSIGNAL) < 0) return;
  }
}

int native_memory(void) { return (int)syscall(SYS_memfd_create, "states", 1 /* MFD_CLOEXEC */); }

void *native_map(int memory, size_t byte_count) {
  void *mapped = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  return mapped == MAP_FAILED ? NULL : mapped;
}

int native_fork_server(int socket, int memory) {
  pid_t process = fork();
  if (process != 0) return process < 0 ? -errno : process;
  // Whoever else holds the other end of a socket keeps its server alive.
  if (dup2(socket, 0) == 0 && dup2(memory, NATIVE_MEMORY_FILE) == NATIVE_MEMORY_FILE) {
    syscall(SYS_close_range, NATIVE_MEMORY_FILE + 1, ~0U, 0);
    native_serve(0, NATIVE_MEMORY_FILE);
  }
  _exit(0);
}

void native_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}
