// Times the masks of all instructions of an ISA through the C interface, for Benchmarks/decoding.py:
//
//   masks ISA VOCABULARY [COMPILES]
//
// The vocabulary is a file of hexadecimal text: the number of tokens and their lengths, -1 for the end, which
// is the last, in 32 bits each, and their texts one after the other. One line of JSON is written: the least
// time of some compilations; first visits of random code at the median, p90, p95, p99 and at most, and the
// same code once more, its late tokens against early ones with the clock's cost; rows of matchers in batches; steps of eight matchers side by side; and a sum of all
// masks, to compare versions by. Times are of one thread's processor time, with that of asking for it taken
// off.
#include <binverify.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 4000, BATCH = 512, WIDTH = 8, LENGTH = 400 };

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void check(binverify_status status) {
  if (status == BINVERIFY_OK) return;
  char text[1000];
  binverify_error_message(text, sizeof text);
  fprintf(stderr, "masks: %s\n", text);
  exit(2);
}

static void *memory(size_t size) {
  void *result = calloc(size ? size : 1, 1);
  if (!result) abort();
  return result;
}

static int ascending(const void *left, const void *right) {
  double l = *(const double *)left, r = *(const double *)right;
  return (l > r) - (l < r);
}

static double part(double *values, size_t count, double share) {
  qsort(values, count, sizeof *values, ascending);
  return values[(size_t)((double)(count - 1) * share)];
}

/// What it costs to ask for the time.
static double clock_cost(void) {
  double costs[2000];
  for (int i = 0; i < 2000; i++) {
    uint64_t start = now();
    costs[i] = (double)(now() - start);
  }
  return part(costs, 2000, 0.5);
}

static uint64_t seed = 2;

/// The next number of SplitMix64.
static uint64_t chance(void) {
  uint64_t z = seed += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

static binverify_vocabulary vocabulary(const char *path, uint32_t *count, size_t *words) {
  FILE *file = fopen(path, "rb");
  if (!file || fread(count, 4, 1, file) != 1) {
    fprintf(stderr, "masks: %s: a vocabulary was expected\n", path);
    exit(2);
  }
  int32_t *lengths = memory(4 * (size_t)*count);
  size_t size = 0;
  if (fread(lengths, 4, *count, file) != *count) exit(2);
  for (uint32_t i = 0; i < *count; i++) size += lengths[i] > 0 ? (size_t)lengths[i] : 0;
  uint8_t *text = memory(size);
  if (fread(text, 1, size, file) != size) exit(2);
  fclose(file);
  binverify_vocabulary_options options = {
    .struct_size = sizeof options, .alphabet = BINVERIFY_ALPHABET_HEX, .digits = BINVERIFY_DIGITS_LOWER};
  uint32_t end = *count - 1;
  binverify_vocabulary made;
  check(binverify_vocabulary_tokens(text, size, lengths, *count, &end, 1, &options, &made));
  binverify_vocabulary_shape shape = {.struct_size = sizeof shape};
  check(binverify_vocabulary_size(made, &shape));
  *words = shape.mask_words;
  free(lengths);
  free(text);
  return made;
}

/// One of the tokens of a row, each as likely as the others, the end aside.
static uint32_t drawn(const uint32_t *row, uint32_t end) {
  uint32_t count = 0;
  for (uint32_t w = 0; w <= end / 32; w++) count += (uint32_t)__builtin_popcount(row[w]);
  count -= row[end / 32] >> end % 32 & 1;
  if (!count) abort();
  uint32_t left = (uint32_t)(chance() % count);
  for (uint32_t w = 0;; w++) {
    uint32_t bits = row[w], here = (uint32_t)__builtin_popcount(bits);
    if (left >= here) {
      left -= here;
      continue;
    }
    while (left--) bits &= bits - 1;
    return w * 32 + (uint32_t)__builtin_ctz(bits);
  }
}

/// Nanoseconds a row of matchers along the tokens, whose rows were all made before.
static double batched(
  binverify_decoder decoder, const uint32_t *tokens, size_t words, int32_t *rows, double cost) {
  binverify_matcher matcher, matchers[BATCH];
  check(binverify_matcher_start(decoder, &matcher));
  size_t taken;
  for (int i = 0; i < BATCH; i++) {
    check(binverify_matcher_accept(matcher, tokens + i, 1, &taken));
    check(binverify_matcher_fork(matcher, matchers + i));
  }
  double best = 1e18;
  for (int turn = 0; turn < 200; turn++) {
    uint64_t start = now();
    check(binverify_matcher_fill_batch(matchers, BATCH, NULL, rows, BATCH, words, words, 1));
    double time = ((double)(now() - start) - cost) / BATCH;
    if (turn > 0 && time < best) best = time;
  }
  for (int i = 0; i < BATCH; i++) check(binverify_matcher_free(matchers[i]));
  check(binverify_matcher_free(matcher));
  return best;
}

/// Tokens a second of matchers in batches, with their masks or without.
static double stepping(
  binverify_decoder decoder, const uint32_t *tokens, size_t words, int32_t *rows, double cost,
  bool fills) {
  binverify_matcher matchers[WIDTH];
  uint8_t taken[WIDTH];
  for (int i = 0; i < WIDTH; i++) check(binverify_matcher_start(decoder, matchers + i));
  double best = 1e18;
  for (int turn = 0; turn < 20; turn++) {
    for (int i = 0; i < WIDTH; i++) check(binverify_matcher_reset(matchers[i]));
    uint64_t start = now();
    for (int i = 0; i < LENGTH; i++) {
      uint32_t column[WIDTH];
      for (int j = 0; j < WIDTH; j++) column[j] = tokens[i];
      if (fills) check(binverify_matcher_fill_batch(matchers, WIDTH, NULL, rows, WIDTH, words, words, 1));
      check(binverify_matcher_accept_batch(matchers, WIDTH, column, taken));
    }
    double time = (double)(now() - start) - cost;
    if (time < best) best = time;
  }
  for (int i = 0; i < WIDTH; i++) check(binverify_matcher_free(matchers[i]));
  return WIDTH * LENGTH / (best / 1e9);
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "masks: an ISA and a file were expected\n");
    return 2;
  }
  uint32_t size;
  size_t words;
  binverify_vocabulary tokens = vocabulary(arguments[2], &size, &words);
  double cost = clock_cost();
  char constraint[100];
  snprintf(constraint, sizeof constraint, "{\"isa\": \"%s\"}", arguments[1]);
  binverify_decoder decoder;
  double compile = 1e18;
  int compiles = count > 3 ? atoi(arguments[3]) : 1;
  for (int i = 0; i < compiles; i++) {
    if (i) check(binverify_decoder_free(decoder));
    uint64_t start = now();
    check(binverify_decoder_compile(constraint, tokens, &decoder));
    double time = (double)(now() - start) - cost;
    if (time < compile) compile = time;
  }
  int32_t *rows = memory(4 * words * BATCH);
  double *times = memory(sizeof(double) * STEPS), *warm = memory(sizeof(double) * STEPS);
  uint32_t *path = memory(4 * STEPS);
  uint64_t sum = 0;
  binverify_matcher matcher;
  check(binverify_matcher_start(decoder, &matcher));
  for (int i = 0; i < STEPS; i++) {
    uint64_t start = now();
    check(binverify_matcher_fill(matcher, rows, words));
    times[i] = (double)(now() - start) - cost;
    for (size_t w = 0; w < words; w++) sum = (sum ^ (uint32_t)rows[w]) * 0x9E3779B97F4A7C15u;
    path[i] = drawn((uint32_t *)rows, size - 1);
    size_t taken;
    check(binverify_matcher_accept(matcher, path + i, 1, &taken));
    if (taken != 1) abort();
  }
  check(binverify_matcher_reset(matcher));
  for (int i = 0; i < STEPS; i++) {
    uint64_t start = now();
    check(binverify_matcher_fill(matcher, rows, words));
    warm[i] = (double)(now() - start) - cost;
    size_t taken;
    check(binverify_matcher_accept(matcher, path + i, 1, &taken));
  }
  size_t bytes;
  check(binverify_decoder_memory(decoder, &bytes));
  printf("{\"compile_ms\": %.1f, \"memory_mib\": %.2f, ", compile / 1e6, (double)bytes / (1 << 20));
  printf("\"first_us\": [");
  for (int i = 0; i < 5; i++) {
    const double shares[] = {.5, .9, .95, .99, 1};
    printf("%s%.2f", i ? ", " : "", part(times, STEPS, shares[i]) / 1e3);
  }
  printf("], ");
  double early = part(warm + 10, 400, .5), late = part(warm + STEPS - 400, 400, .5);
  printf("\"warm_us\": %.3f, \"late_by_early\": %.2f, ", early / 1e3, (late + cost) / (early + cost));
  printf("\"batched_us\": %.3f, ", batched(decoder, path, words, rows, cost) / 1e3);
  printf("\"fill_accept\": %.3f, ", stepping(decoder, path, words, rows, cost, true) / 1e6);
  printf("\"accept\": %.3f, ", stepping(decoder, path, words, rows, cost, false) / 1e6);
  printf("\"sum\": \"%016lx\"}\n", (unsigned long)sum);
  return 0;
}
