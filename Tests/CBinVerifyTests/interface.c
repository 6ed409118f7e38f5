/// The C interface as a host uses it and misuses it: every mistake is an error, none a crash.
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char specification[] =
  "(set-logic QF_BV)\n(set-info :kernel \"int32_t abs32(int32_t x)\")\n"
  "(declare-const x (_ BitVec 32))\n(declare-const result (_ BitVec 32))\n"
  "(define-fun requires () Bool true)\n(define-fun ensures () Bool\n"
  "  (= result (ite (bvslt x #x00000000) (bvneg x) x)))\n";
static const uint8_t right_bytes[] = {0x89, 0xf8, 0xf7, 0xd8, 0x0f, 0x48, 0xc7, 0xc3};
static const uint8_t wrong_bytes[] = {0x89, 0xf8, 0xf7, 0xd8, 0xc3};
static const binverify_code right = {right_bytes, sizeof right_bytes};
static const binverify_code wrong = {wrong_bytes, sizeof wrong_bytes};

static binverify_summary summary_of(binverify_result result) {
  binverify_summary summary;
  memset(&summary, 0, sizeof summary);
  summary.struct_size = sizeof summary;
  CHECK(binverify_result_summary(result, &summary) == BINVERIFY_OK);
  return summary;
}

static void judges(binverify_verifier verifier) {
  binverify_result results[2];
  binverify_code candidates[2];
  char text[64];
  size_t size = 0;
  candidates[0] = right;
  candidates[1] = wrong;
  CHECK(binverify_prove_batch(verifier, candidates, 2, 2, results) == BINVERIFY_OK);
  binverify_summary first = summary_of(results[0]), second = summary_of(results[1]);
  CHECK(first.verdict == BINVERIFY_PROVED && first.reward == 1 && first.obligations_proved == 6);
  CHECK(second.verdict == BINVERIFY_REFUTED && second.obligations_refuted == 1);
  CHECK(second.reward > 0.1 && second.reward < 0.95);
  CHECK(
    binverify_result_text(results[1], BINVERIFY_TEXT_REASON, text, sizeof text, &size)
    == BINVERIFY_OK);
  CHECK(strcmp(text, "ensures: the postcondition is false") == 0 && size == strlen(text) + 1);
  CHECK(binverify_result_text(results[1], BINVERIFY_TEXT_REASON, text, 4, NULL) == BINVERIFY_OK);
  CHECK(strcmp(text, "ens") == 0);
  CHECK(
    binverify_result_text(results[1], BINVERIFY_TEXT_COUNTEREXAMPLE, NULL, 0, &size)
    == BINVERIFY_OK);
  CHECK(size > 100);
  CHECK(binverify_result_free(results[0]) == BINVERIFY_OK);
  CHECK(binverify_result_free(results[1]) == BINVERIFY_OK);
  CHECK(binverify_result_free(results[1]) == BINVERIFY_ERROR_HANDLE);
}

/* Members that came later: callers that do not know them are served, and the others get what they ask. */
static void takes_options(void) {
  /* andn eax, ecx, edi; ret */
  static const uint8_t bytes[] = {0xc4, 0xe2, 0x70, 0xf2, 0xc7, 0xc3};
  binverify_code andn = {bytes, sizeof bytes};
  binverify_options options;
  binverify_verifier verifier;
  binverify_result result;
  size_t size = 0;
  memset(&options, 0xff, sizeof options);
  memset(&options, 0, offsetof(binverify_options, cpu));
  options.struct_size = offsetof(binverify_options, cpu);
  CHECK(binverify_compile(specification, "x86-64", &options, &verifier) == BINVERIFY_OK);
  CHECK(binverify_prove(verifier, andn, &result) == BINVERIFY_OK);
  CHECK(summary_of(result).verdict == BINVERIFY_REFUTED);
  CHECK(binverify_result_free(result) == BINVERIFY_OK);
  CHECK(binverify_verifier_free(verifier) == BINVERIFY_OK);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.cpu = "z80";
  CHECK(binverify_compile(specification, "x86-64", &options, &verifier) == BINVERIFY_ERROR_ARGUMENT);
  options.cpu = "x86-64-v1";
  options.omits_reports = 1;
  CHECK(binverify_compile(specification, "x86-64", &options, &verifier) == BINVERIFY_OK);
  CHECK(binverify_prove(verifier, andn, &result) == BINVERIFY_OK);
  CHECK(summary_of(result).verdict == BINVERIFY_UNSUPPORTED);
  CHECK(binverify_result_text(result, BINVERIFY_TEXT_REPORT, NULL, 0, &size) == BINVERIFY_OK);
  CHECK(size == 1);
  CHECK(binverify_result_free(result) == BINVERIFY_OK);
  CHECK(binverify_verifier_free(verifier) == BINVERIFY_OK);
}

/* The input that refuted one candidate is a test of the next. */
static void keeps_a_bank(binverify_verifier verifier) {
  static const uint8_t bytes[] = {0x89, 0xf8, 0xf7, 0xd8, 0x0f, 0x48, 0xc7, 0x81, 0xff,
                                  0x78, 0x56, 0x34, 0x12, 0x75, 0x02, 0x31, 0xc0, 0xc3};
  binverify_code rare = {bytes, sizeof bytes};
  binverify_result first, again;
  char input[4096];
  const char *inputs[2] = {input, input}, *nonsense = "nonsense";
  size_t size = 0;
  CHECK(binverify_prove(verifier, rare, &first) == BINVERIFY_OK);
  CHECK(
    binverify_result_text(first, BINVERIFY_TEXT_FAILING_INPUT, input, sizeof input, &size)
    == BINVERIFY_OK);
  CHECK(size > 1 && size <= sizeof input);
  CHECK(binverify_prove_batch_on(verifier, inputs, 2, &rare, 1, 1, &again) == BINVERIFY_OK);
  CHECK(summary_of(again).verdict == BINVERIFY_REFUTED);
  CHECK(summary_of(again).reward < summary_of(first).reward);
  CHECK(
    binverify_result_text(again, BINVERIFY_TEXT_FAILING_INPUT, NULL, 0, &size) == BINVERIFY_OK);
  CHECK(size == 1);
  CHECK(binverify_result_free(first) == BINVERIFY_OK);
  CHECK(binverify_result_free(again) == BINVERIFY_OK);
  CHECK(
    binverify_prove_batch_on(verifier, &nonsense, 1, &rare, 1, 1, &again)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(
    binverify_prove_batch_on(verifier, NULL, 1, &rare, 1, 1, &again) == BINVERIFY_ERROR_ARGUMENT);
  inputs[1] = NULL;
  CHECK(
    binverify_prove_batch_on(verifier, inputs, 2, &rare, 1, 1, &again)
    == BINVERIFY_ERROR_ARGUMENT);
}

static void refuses(binverify_verifier verifier) {
  binverify_verifier made;
  binverify_result result = 0;
  binverify_code null_code = {NULL, 3}, huge = {right_bytes, SIZE_MAX};
  binverify_options options;
  binverify_summary summary;
  char text[8];
  CHECK(binverify_prove(0, right, &result) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_prove(~(uint64_t)0, right, &result) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_prove(verifier, right, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove(verifier, null_code, &result) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove(verifier, huge, &result) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove_batch(verifier, NULL, 2, 1, &result) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove_batch(verifier, &right, SIZE_MAX, 1, &result) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove_batch(verifier, &right, 1, 1, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove_batch(verifier, &right, 1, 9999, &result) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_prove_batch(verifier, NULL, 0, 1, NULL) == BINVERIFY_OK);
  CHECK(binverify_compile(NULL, "x86-64", NULL, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_compile(specification, NULL, NULL, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_compile(specification, "x86-64", NULL, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_compile(specification, "z80", NULL, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_compile("\xff\xfe", "x86-64", NULL, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_compile("(", "x86-64", NULL, &made) == BINVERIFY_ERROR_SPECIFICATION);
  memset(&options, 0, sizeof options);
  CHECK(binverify_compile(specification, "x86-64", &options, &made) == BINVERIFY_ERROR_ARGUMENT);
  options.struct_size = sizeof options;
  options.seconds = -1;
  CHECK(binverify_compile(specification, "x86-64", &options, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_error_message(text, sizeof text) > sizeof text && strlen(text) == 7);
  CHECK(binverify_error_message(NULL, 0) > 1);
  memset(&summary, 0, sizeof summary);
  CHECK(binverify_result_summary(verifier, &summary) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_prove(verifier, wrong, &result) == BINVERIFY_OK);
  CHECK(binverify_result_summary(result, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_result_summary(result, &summary) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_result_text(result, 17, NULL, 0, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_result_text(result, 0, NULL, 5, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_verifier_free(result) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_result_free(verifier) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_result_free(0) == BINVERIFY_OK && binverify_verifier_free(0) == BINVERIFY_OK);
  CHECK(binverify_result_free(result) == BINVERIFY_OK);
}

static void *from_a_thread(void *argument) {
  for (int i = 0; i < 5; i++) judges(*(binverify_verifier *)argument);
  return NULL;
}

static void compares(void) {
  binverify_result result;
  CHECK(
    binverify_equiv("int32_t f(int32_t x)", right, "x86-64", right, "x86-64", NULL, &result)
    == BINVERIFY_OK);
  CHECK(summary_of(result).verdict == BINVERIFY_PROVED);
  CHECK(binverify_result_free(result) == BINVERIFY_OK);
}

int main(void) {
  struct sigaction before[32], after;
  for (int i = 1; i < 32; i++) sigaction(i, NULL, &before[i]);
  binverify_verifier verifier = 0;
  pthread_t threads[4];
  CHECK(strcmp(binverify_version(), "0.1.0") == 0);
  CHECK(binverify_compile(specification, "x86-64", NULL, &verifier) == BINVERIFY_OK);
  judges(verifier);
  keeps_a_bank(verifier);
  takes_options();
  refuses(verifier);
  compares();
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, from_a_thread, &verifier);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  CHECK(binverify_verifier_free(verifier) == BINVERIFY_OK);
  binverify_result result;
  CHECK(binverify_prove(verifier, right, &result) == BINVERIFY_ERROR_HANDLE);
  for (int i = 1; i < 32; i++) {
    sigaction(i, NULL, &after);
    CHECK(before[i].sa_handler == after.sa_handler);
  }
  puts("ok");
  return 0;
}
