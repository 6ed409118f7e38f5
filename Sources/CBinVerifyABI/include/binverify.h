/// binverify as a C library: proofs of machine code for many candidates, from any thread.
///
/// Handles are numbers, not pointers: one that was freed, forged or is of another kind gives
/// BINVERIFY_ERROR_HANDLE. Every function may be called from any thread at any time; the same handle
/// may be used by several at once. Nothing is thrown, no signal handler is installed, and code under
/// judgement runs in worker processes of its own, so that it cannot end or hang the caller.
#ifndef BINVERIFY_H
#define BINVERIFY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a function returns. Other than BINVERIFY_OK, binverify_error_message has the words.
typedef int32_t binverify_status;
enum {
  BINVERIFY_OK = 0,
  /// A handle that is not one, or is of another kind.
  BINVERIFY_ERROR_HANDLE = 1,
  /// A null pointer, a size, a number or a name that is not allowed.
  BINVERIFY_ERROR_ARGUMENT = 2,
  /// The specification or prototype is wrong: the message is file:line:column: error: words.
  BINVERIFY_ERROR_SPECIFICATION = 3,
  /// Nothing satisfies the precondition, so every code would be proved.
  BINVERIFY_ERROR_VACUOUS = 4,
  /// A worker process could not be started or does not answer.
  BINVERIFY_ERROR_WORKER = 5,
};

/// The answer for one candidate.
typedef int32_t binverify_verdict;
enum {
  BINVERIFY_PROVED = 0,
  BINVERIFY_REFUTED = 1,
  BINVERIFY_INCONCLUSIVE = 3,
  /// Something in the code cannot be decoded or followed.
  BINVERIFY_UNSUPPORTED = 4,
};

/// A specification, ready to judge candidates. Zero is none.
typedef uint64_t binverify_verifier;
/// The answer for one candidate. Zero is none.
typedef uint64_t binverify_result;

/// Limits for each candidate. Set struct_size to sizeof(binverify_options) and other members to zero
/// for their default.
typedef struct binverify_options {
  uint32_t struct_size;
  /// Inputs that a candidate is run on before anything is proved; 0: 32. At most 4096.
  uint32_t tests;
  /// Wall-clock seconds; 0: 60.
  double seconds;
  /// Bytes of memory of a worker; 0: 4 GiB. At least 64 MiB.
  uint64_t memory;
  /// Z3's count of work for one query; 0: no limit.
  uint64_t resource;
} binverify_options;

/// Bytes of code.
typedef struct binverify_code {
  const uint8_t *bytes;
  size_t size;
} binverify_code;

/// What a result says. Set struct_size to sizeof(binverify_summary) before the call.
typedef struct binverify_summary {
  uint32_t struct_size;
  binverify_verdict verdict;
  /// From 0 to 1, the same at every run; 1 only for what is proved.
  double reward;
  /// How many of the six obligations were proved, and whether one was refuted.
  uint32_t obligations_proved;
  uint32_t obligations_refuted;
} binverify_summary;

/// The version: "0.1.0". Never null, valid for ever.
const char *binverify_version(void);

/// Copies the words of the last error of the calling thread, cut to `capacity` bytes with a zero at
/// the end; returns the bytes that all of it needs, the zero included. `buffer` may be null.
size_t binverify_error_message(char *buffer, size_t capacity);

/// Compiles the text of a specification for an ISA ("x86-64" or "arm64"). `options` may be null.
binverify_status binverify_compile(
  const char *specification, const char *isa, const binverify_options *options,
  binverify_verifier *verifier);

/// A verifier of whether candidates can stand for `reference`. `contract` is a C prototype, or a
/// specification of which the prototype and the precondition are used.
binverify_status binverify_compile_equivalence(
  const char *contract, binverify_code reference, const char *reference_isa,
  const char *candidate_isa, const binverify_options *options, binverify_verifier *verifier);

/// Judges one candidate.
binverify_status binverify_prove(
  binverify_verifier verifier, binverify_code candidate, binverify_result *result);

/// Judges `count` candidates, at most `workers` at a time (0: one a processor), and writes as many
/// results in their order. On an error no result is left behind.
binverify_status binverify_prove_batch(
  binverify_verifier verifier, const binverify_code *candidates, size_t count, uint32_t workers,
  binverify_result *results);

/// Whether `second` can stand for `first` under `contract`, in one call.
binverify_status binverify_equiv(
  const char *contract, binverify_code first, const char *first_isa, binverify_code second,
  const char *second_isa, const binverify_options *options, binverify_result *result);

/// The verdict, the reward and the count of obligations.
binverify_status binverify_result_summary(binverify_result result, binverify_summary *summary);

/// The texts of a result; see binverify_result_text.
typedef int32_t binverify_text;
enum {
  /// What is wrong or why there is no verdict; empty where it is proved.
  BINVERIFY_TEXT_REASON = 0,
  /// The counterexample as JSON; empty where there is none.
  BINVERIFY_TEXT_COUNTEREXAMPLE = 1,
  /// The report as `binverify prove --json` or `binverify equiv --json` prints it.
  BINVERIFY_TEXT_REPORT = 2,
  /// A line for each obligation: its name and proved, refuted, inconclusive or undecided.
  BINVERIFY_TEXT_OBLIGATIONS = 3,
};

/// Copies a text, cut to `capacity` bytes with a zero at the end, and sets `size` to the bytes that
/// all of it needs, the zero included. `buffer` may be null if `capacity` is zero.
binverify_status binverify_result_text(
  binverify_result result, binverify_text text, char *buffer, size_t capacity, size_t *size);

/// Frees a verifier, once calls that use it have returned, and ends its waiting workers. Zero is
/// allowed and does nothing.
binverify_status binverify_verifier_free(binverify_verifier verifier);

/// Frees a result. Zero is allowed and does nothing.
binverify_status binverify_result_free(binverify_result result);

#ifdef __cplusplus
}
#endif

#endif
