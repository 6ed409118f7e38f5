#define _GNU_SOURCE
#include "candidate_workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int add_actions(posix_spawn_file_actions_t *actions, int descriptor) {
  int error = posix_spawn_file_actions_adddup2(actions, descriptor, 0);
  if (!error) error = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, 1, 2);
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
  return error;
}

/// A group of its own, no blocked signals, the default action for each.
static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_setflags(
    attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
  if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
  return error;
}

/// Descriptors above the standard ones, so that the child's own three do not clash with them.
static int socket_pair(int ends[2]) {
  int low[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, low) != 0) return errno;
  for (int i = 0; i < 2; i++) ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
  int error = ends[0] < 0 || ends[1] < 0 ? errno : 0;
  close(low[0]);
  close(low[1]);
  if (error && ends[0] >= 0) close(ends[0]);
  return error;
}

/// All of the host's environment that a worker gets: where the host finds its libraries.
static char *library_path(void) {
  for (char **entry = environ; entry && *entry; entry++)
    if (strncmp(*entry, "LD_LIBRARY_PATH=", 16) == 0) return *entry;
  return NULL;
}

int candidate_worker_start(struct candidate_worker *worker, char *const arguments[]) {
  int ends[2];
  int error = socket_pair(ends);
  if (error) return error;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char *environment[] = {library_path(), NULL};
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  error = add_actions(&actions, ends[1]);
  if (!error) error = set_attributes(&attributes);
  if (!error)
    error =
      posix_spawn(&worker->process, arguments[0], &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error) close(ends[0]);
  worker->socket = error ? -1 : ends[0];
  return error;
}

void candidate_worker_stop(struct candidate_worker *worker) {
  if (worker->socket >= 0) close(worker->socket);
  worker->socket = -1;
  // A number that is no longer our child's may be someone else's: waitid tells.
  siginfo_t information = {.si_pid = 0};
  if (worker->process > 0
      && waitid(P_PID, (id_t)worker->process, &information, WEXITED | WNOHANG | WNOWAIT) == 0) {
    kill(-worker->process, SIGKILL);
    kill(worker->process, SIGKILL);
    while (waitpid(worker->process, NULL, 0) < 0 && errno == EINTR) continue;
  }
  worker->process = -1;
}

void candidate_worker_forget(struct candidate_worker *worker) {
  if (worker->socket >= 0) close(worker->socket);
  worker->socket = -1;
  worker->process = -1;
}

int64_t candidate_worker_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * (int64_t)1000000000 + time.tv_nsec;
}

/// Waits for `events`; false when the deadline passed.
static bool await(int socket, short events, int64_t deadline) {
  for (;;) {
    struct timespec time;
    int64_t left = deadline - candidate_worker_now();
    if (deadline >= 0 && left <= 0) return false;
    time.tv_sec = left / 1000000000;
    time.tv_nsec = left % 1000000000;
    struct pollfd poll = {.fd = socket, .events = events};
    if (ppoll(&poll, 1, deadline < 0 ? NULL : &time, NULL) > 0) return true;
  }
}

bool candidate_worker_send(int socket, const void *bytes, size_t byte_count, int64_t deadline) {
  const char *next = bytes;
  while (byte_count > 0) {
    ssize_t sent = send(socket, next, byte_count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!await(socket, POLLOUT, deadline)) return false;
      continue;
    }
    if (sent <= 0) return false;
    next += sent;
    byte_count -= (size_t)sent;
  }
  return true;
}

ssize_t candidate_worker_receive(int socket, void *bytes, size_t capacity, int64_t deadline) {
  for (;;) {
    ssize_t got = recv(socket, bytes, capacity, MSG_DONTWAIT);
    if (got >= 0) return got;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!await(socket, POLLIN, deadline)) return -1;
    } else if (errno != EINTR) {
      return 0;
    }
  }
}

static void *watch_host(void *descriptor) {
  struct pollfd poll = {.fd = (int)(intptr_t)descriptor, .events = POLLRDHUP};
  while (!(poll.revents & (POLLRDHUP | POLLHUP | POLLERR))) ppoll(&poll, 1, NULL, NULL);
  kill(0, SIGKILL);
  return NULL;
}

void candidate_worker_watch_host(int socket) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, watch_host, (void *)(intptr_t)socket) == 0)
    pthread_detach(thread);
}

void candidate_worker_limit_memory(uint64_t bytes) {
  struct rlimit limit, none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  getrlimit(RLIMIT_AS, &limit);
  if (bytes < limit.rlim_max) limit.rlim_max = bytes;
  if (bytes < limit.rlim_cur) limit.rlim_cur = bytes;
  setrlimit(RLIMIT_AS, &limit);
}
