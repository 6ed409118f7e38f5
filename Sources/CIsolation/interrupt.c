#define _GNU_SOURCE
#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint interrupts;
static unsigned users;
static struct sigaction saved;

static void count_interrupt(int signal) {
  (void)signal;
  atomic_fetch_add(&interrupts, 1);
}

void isolation_lock(void) { pthread_mutex_lock(&lock); }

void isolation_unlock(void) { pthread_mutex_unlock(&lock); }

unsigned isolation_begin_interrupts(void) {
  if (users++ == 0) {
    sigaction(SIGINT, NULL, &saved);
    // A process told to ignore interrupts (nohup, a shell's background job) goes on ignoring them.
    bool ignored = !(saved.sa_flags & SA_SIGINFO) && saved.sa_handler == SIG_IGN;
    if (!ignored) {
      struct sigaction counting = {.sa_handler = count_interrupt};
      sigemptyset(&counting.sa_mask);
      sigaction(SIGINT, &counting, NULL);
    }
  }
  return atomic_load(&interrupts);
}

void isolation_end_interrupts(void) {
  if (--users == 0) sigaction(SIGINT, &saved, NULL);
}

void isolation_forget_interrupts(void) {
  users = 0;
  atomic_store(&interrupts, 0);
}

unsigned isolation_interrupts(void) { return atomic_load(&interrupts); }
