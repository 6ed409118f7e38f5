#define _GNU_SOURCE
#include "harness.h"
#include "memory.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/// A job taken apart, with what its run needs.
struct run {
  const uint64_t *job;
  struct region *regions;  // the job's, then the scratch, then a stub for each landing
  size_t given_regions, region_count;
  const uint64_t *landings, *states;
  size_t landing_count, state_words, scratch_words;
  uint64_t entry;
  bool vectors;
  struct block *block;
  uint8_t *code;
  void (*enter)(void);
};

/// What the signal handler needs to know; `running` is set while the code under test runs.
static struct {
  const struct run *run;
  volatile sig_atomic_t running;
  volatile int signal;
  volatile uint64_t address, program_counter;
} current;

static const int caught[] = {SIGSEGV, SIGILL, SIGFPE, SIGBUS, SIGTRAP};

/// Records a signal of the code under test and goes on after it.
static void handle(int signal, siginfo_t *information, void *context_pointer) {
  ucontext_t *context = context_pointer;
  const struct run *run = current.run;
  if (!current.running) {
    // A fault of our own: it comes again and ends the process.
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    return;
  }
  uint64_t program_counter = harness_program_counter(context);
  for (size_t i = 0; signal == SIGTRAP && i < run->landing_count; i++)
    if (run->landings[i] == harness_trap_address(program_counter)) {
      harness_continue_at_landing(context, run->code, i);
      return;
    }
  current.signal = signal;
  current.address = (uint64_t)information->si_addr;
  current.program_counter = program_counter;
  harness_store(context, run->block);
  harness_continue_at_return(context, run->code, run->block);
}

static void install_handlers(void) {
  static char *stack;
  const size_t stack_bytes = 1 << 18;
  if (stack != NULL) return;
  stack = malloc(stack_bytes);
  stack_t alternate = {.ss_sp = stack, .ss_size = stack_bytes};
  sigaltstack(&alternate, NULL);
  struct sigaction action = {
    .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) sigaction(caught[i], &action, NULL);
}

static size_t words(uint64_t byte_count) { return byte_count / 8 + (byte_count % 8 != 0); }

static size_t state_words(const uint64_t *job) {
  return harness_general_count + (job[NATIVE_FLAGS] & NATIVE_VECTORS ? harness_vector_count : 0)
    + job[NATIVE_SCRATCH_BYTES] / 8;
}

size_t native_states_words(const uint64_t *job) {
  return job[NATIVE_STATE_COUNT] * state_words(job);
}

size_t native_reply_words(const uint64_t *job) {
  size_t total = NATIVE_REPLY_HEADER
    + job[NATIVE_STATE_COUNT] * (NATIVE_ENDING_WORDS + state_words(job));
  const uint64_t *next = job + NATIVE_JOB_HEADER;
  for (size_t i = 0; i < job[NATIVE_REGION_COUNT]; i++) {
    bool returned = job[NATIVE_FLAGS] & NATIVE_RETURN_REGIONS && next[2] & NATIVE_WRITE;
    if (returned) total += words(next[1]);
    next += 3 + words(next[1]);
  }
  return total;
}

size_t native_job_words(const uint64_t *job) {
  const uint64_t *next = job + NATIVE_JOB_HEADER;
  for (size_t i = 0; i < job[NATIVE_REGION_COUNT]; i++) next += 3 + words(next[1]);
  return (size_t)(next - job) + job[NATIVE_LANDING_COUNT];
}

/// True if some byte of [address, address + byte_count) belongs to one of the regions.
static bool overlaps(const struct run *run, uint64_t address, uint64_t byte_count, size_t regions) {
  for (size_t i = 0; i < regions; i++) {
    const struct region *region = &run->regions[i];
    if (address < region->address + region->byte_count && region->address < address + byte_count)
      return true;
  }
  return false;
}

/// Takes the job apart; the landings' stubs get as many bytes as there is room for.
static bool prepare(
  struct run *run, const uint64_t *job, const uint64_t *states, uint64_t *reply) {
  size_t given = job[NATIVE_REGION_COUNT], landings = job[NATIVE_LANDING_COUNT];
  *run = (struct run){
    .job = job, .given_regions = given, .landing_count = landings, .entry = job[NATIVE_ENTRY]};
  reply[0] = NATIVE_NO_ROOM_FOR_HARNESS;
  if (landings > NATIVE_MAXIMUM_LANDINGS) return false;
  run->vectors = job[NATIVE_FLAGS] & NATIVE_VECTORS;
  run->state_words = state_words(job);
  run->scratch_words = job[NATIVE_SCRATCH_BYTES] / 8;
  run->regions = calloc(given + 1 + landings, sizeof *run->regions);
  if (run->regions == NULL) abort();
  const uint64_t *next = job + NATIVE_JOB_HEADER;
  for (size_t i = 0; i < given; i++) {
    run->regions[i] = (struct region){next[0], next[1], next[2], next + 3};
    next += 3 + words(next[1]);
  }
  run->regions[given] = (struct region){
    job[NATIVE_SCRATCH_ADDRESS], job[NATIVE_SCRATCH_BYTES], NATIVE_WRITE, NULL};
  run->landings = next;
  run->states = states;
  run->region_count = given + 1;
  for (size_t i = 0; i < landings; i++) {
    uint64_t room = harness_stub_bytes;
    for (size_t j = 0; j < landings; j++) {
      uint64_t gap = run->landings[j] - run->landings[i];
      if (gap > 0 && gap < room) room = harness_trap_bytes;
    }
    if (overlaps(run, run->landings[i], room, run->region_count)) room = harness_trap_bytes;
    if (room == 0 || overlaps(run, run->landings[i], room, run->region_count)) {
      reply[0] = NATIVE_LANDING_OVERLAPS;
      reply[1] = run->landings[i];
      return false;
    }
    run->regions[run->region_count++] =
      (struct region){run->landings[i], room, NATIVE_EXECUTE, NULL};
  }
  return true;
}

/// Maps everything and writes the harness.
static bool map(struct run *run, uint64_t *reply) {
  reply[1] = map_regions(run->regions, run->region_count);
  if (reply[1] != 0) {
    reply[0] = NATIVE_CANNOT_MAP;
    return false;
  }
  uint64_t near[NATIVE_MAXIMUM_LANDINGS + 1] = {run->job[NATIVE_ENTRY]};
  for (size_t i = 0; i < run->landing_count; i++) near[i + 1] = run->landings[i];
  // The code and the block are on different pages, whatever the page size.
  size_t code_bytes = HARNESS_CODE_BYTES > page_size() ? HARNESS_CODE_BYTES : page_size();
  run->code = harness_place(near, run->landing_count + 1, code_bytes + page_size());
  if (run->code == NULL) return false;
  run->block = (struct block *)(run->code + code_bytes);
  run->enter = harness_emit(
    run->code, run->block, run->job[NATIVE_ENTRY], run->landing_count, run->vectors);
  mprotect(run->code, code_bytes, PROT_READ | PROT_EXEC);
  __builtin___clear_cache((char *)run->code, (char *)run->code + code_bytes);
  return true;
}

/// True if what was mapped for `last`, its harness included, serves `run` as well.
static bool has_same_places(const struct run *last, const struct run *run) {
  bool same = last->code != NULL && last->region_count == run->region_count
    && last->landing_count == run->landing_count && last->vectors == run->vectors
    && last->entry == run->entry;
  for (size_t i = 0; same && i < run->region_count; i++)
    same = has_same_pages(&last->regions[i], &run->regions[i]);
  return same;
}

/// Maps everything, or takes over what is still mapped for the job before, and writes the contents
/// and the stubs.
static bool build(struct run *run, const struct run *last, uint64_t *reply) {
  reply[0] = NATIVE_NO_ROOM_FOR_HARNESS;
  if (has_same_places(last, run)) {
    run->code = last->code;
    run->block = last->block;
    run->enter = last->enter;
    clear_regions(run->regions, run->region_count);
  } else {
    unmap_everything();
    if (!map(run, reply)) return false;
  }
  fill_regions(run->regions, run->region_count);
  for (size_t i = 0; i < run->landing_count; i++) {
    const struct region *stub = &run->regions[run->given_regions + 1 + i];
    if (stub->byte_count < harness_stub_bytes)
      harness_emit_trap((uint8_t *)stub->address);
    else if (!harness_emit_stub((uint8_t *)stub->address, run->code, i))
      return false;
  }
  protect_regions(run->regions, run->region_count);
  reply[0] = NATIVE_DONE;
  return true;
}

/// Runs one state and writes its outcome.
static void run_state(const struct run *run, const uint64_t *state, uint64_t *outcome) {
  struct block *block = run->block;
  uint64_t *final = outcome + NATIVE_ENDING_WORDS;
  void *scratch = (void *)run->job[NATIVE_SCRATCH_ADDRESS];
  size_t general = harness_general_count, vector = run->vectors ? harness_vector_count : 0;
  memcpy(block->general, state, general * 8);
  memcpy(block->vectors, state + general, vector * 8);
  memcpy(scratch, state + general + vector, run->scratch_words * 8);
  harness_clean(block);
  outcome[0] = NATIVE_UNFINISHED;
  current.signal = 0;
  current.running = 1;
  run->enter();
  current.running = 0;
  harness_clean(block);
  memcpy(final, block->general, general * 8);
  memcpy(final + general, block->vectors, vector * 8);
  memcpy(final + general + vector, scratch, run->scratch_words * 8);
  if (current.signal == 0) {
    outcome[1] = run->landings[block->landing];
    outcome[0] = NATIVE_LANDED;
  } else {
    outcome[1] = (uint64_t)current.signal;
    outcome[2] = current.address;
    outcome[3] = current.program_counter;
    outcome[0] = NATIVE_SIGNAL;
  }
}

/// Copies the writable regions' contents to the end of the reply.
static void return_regions(const struct run *run, uint64_t *next) {
  for (size_t i = 0; i < run->given_regions; i++) {
    const struct region *region = &run->regions[i];
    if (!(region->access & NATIVE_WRITE)) continue;
    memcpy(next, (const void *)region->address, region->byte_count);
    next += words(region->byte_count);
  }
}

void native_perform(const uint64_t *job, const uint64_t *states, uint64_t *reply) {
  // What was mapped stays: the next job often differs in its code alone.
  static struct run last;
  struct run run;
  if (prepare(&run, job, states, reply) && build(&run, &last, reply)) {
    current.run = &run;
    install_handlers();
    size_t outcome_words = NATIVE_ENDING_WORDS + run.state_words;
    uint64_t *outcome = reply + NATIVE_REPLY_HEADER;
    for (size_t i = 0; i < job[NATIVE_STATE_COUNT]; i++)
      run_state(&run, run.states + i * run.state_words, outcome + i * outcome_words);
    if (job[NATIVE_FLAGS] & NATIVE_RETURN_REGIONS)
      return_regions(&run, outcome + job[NATIVE_STATE_COUNT] * outcome_words);
  } else {
    unmap_everything();
    run.code = NULL;
  }
  free(last.regions);
  last = run;
}

void *native_share(size_t byte_count) {
  void *memory =
    mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

void native_prefault(void *memory, size_t byte_count) {
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
  // Kernels before 5.14 refuse, and the pages come when they are touched.
  madvise(memory, byte_count, MADV_POPULATE_WRITE);
}

void native_unshare(void *memory, size_t byte_count) { munmap(memory, byte_count); }

const char *native_isa(void) {
#if defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "arm64";
#else
  return NULL;
#endif
}
