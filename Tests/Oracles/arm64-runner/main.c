/// Performs jobs from standard input and writes the replies to standard output until the input ends.
/// Each job, its states included, is preceded by a word that counts its words; the format is that of native.h.
#include "native.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/// Reads exactly these bytes; false at the end of the input.
static bool read_all(void *target, size_t byte_count) {
  char *next = target;
  while (byte_count > 0) {
    ssize_t got = read(0, next, byte_count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    next += got;
    byte_count -= (size_t)got;
  }
  return true;
}

/// Writes exactly these bytes; false if nobody listens.
static bool write_all(const void *bytes, size_t byte_count) {
  const char *next = bytes;
  while (byte_count > 0) {
    ssize_t sent = write(1, next, byte_count);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    next += sent;
    byte_count -= (size_t)sent;
  }
  return true;
}

int main(void) {
  uint64_t job_words;
  while (read_all(&job_words, sizeof job_words)) {
    uint64_t *job = malloc(job_words * sizeof *job);
    if (job == NULL || !read_all(job, job_words * sizeof *job)) return EXIT_FAILURE;
    size_t reply_words = native_reply_words(job);
    uint64_t *reply = calloc(reply_words, sizeof *reply);
    if (reply == NULL) return EXIT_FAILURE;
    native_perform(job, job + native_job_words(job), reply);
    if (!write_all(reply, reply_words * sizeof *reply)) return EXIT_FAILURE;
    free(reply);
    free(job);
  }
  return EXIT_SUCCESS;
}
