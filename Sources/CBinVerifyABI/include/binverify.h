/// binverify as a C library: proofs of machine code for many candidates, and masks that let a
/// synthesizer write only code that the verifier reads, from any thread.
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
  /// A vocabulary or a constraint that is wrong or refused, or with which no code can be completed.
  BINVERIFY_ERROR_DECODER = 6,
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
/// for their default. Members after `resource` came later: the smaller structure is taken too.
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
  /// The CPU that candidates are for, as --cpu names it ("x86-64-v2", "armv8.2-a+sha3"); a candidate with
  /// an instruction that it does not have is unsupported. Null: any.
  const char *cpu;
  /// Other than zero: results have no report and no counterexample, which are most of the time that wrong
  /// candidates take. Verdicts, rewards, reasons, obligations and failing inputs are the same.
  uint32_t omits_reports;
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

/// As binverify_prove_batch, but candidates are run on a bank of `input_count` inputs first: texts
/// BINVERIFY_TEXT_FAILING_INPUT of earlier results of the same specification, of which each counts once
/// and at most 1,024 count. A result depends on the candidate, the specification and the bank: keep one
/// bank for all candidates whose rewards are compared.
binverify_status binverify_prove_batch_on(
  binverify_verifier verifier, const char *const *inputs, size_t input_count,
  const binverify_code *candidates, size_t count, uint32_t workers, binverify_result *results);

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
  /// The input that refuted it, for a bank, if no test had; empty where there is none.
  BINVERIFY_TEXT_FAILING_INPUT = 4,
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

// The constrained decoder: see Docs/Decoding.md for what it guarantees.

/// The tokens of a synthesizer. Zero is none.
typedef uint64_t binverify_vocabulary;
/// A constraint compiled for a vocabulary, for any number of matchers. Zero is none.
typedef uint64_t binverify_decoder;
/// A place in code that is being written. Calls with the same one take turns. Zero is none.
typedef uint64_t binverify_matcher;

/// What the text of tokens is.
typedef int32_t binverify_alphabet;
enum {
  /// The bytes of the code itself.
  BINVERIFY_ALPHABET_BYTES = 0,
  /// Hexadecimal digits, two for each byte of the code.
  BINVERIFY_ALPHABET_HEX = 1,
};

/// Which hexadecimal digits are written.
typedef int32_t binverify_digits;
enum { BINVERIFY_DIGITS_ANY = 0, BINVERIFY_DIGITS_LOWER = 1, BINVERIFY_DIGITS_UPPER = 2 };

/// What stands between the bytes of hexadecimal text.
typedef int32_t binverify_spacing;
enum {
  BINVERIFY_SPACING_NONE = 0,
  /// Spaces, tabs and line ends anywhere.
  BINVERIFY_SPACING_FREE = 1,
  /// Exactly one space.
  BINVERIFY_SPACING_SINGLE = 2,
};

/// How tokens are read. Set struct_size to sizeof(binverify_vocabulary_options) and other members to
/// zero for their default.
typedef struct binverify_vocabulary_options {
  uint32_t struct_size;
  binverify_alphabet alphabet;
  binverify_digits digits;
  binverify_spacing spacing;
  /// The number of logits, at least that of tokens; 0: that of tokens.
  uint32_t width;
  /// Other than zero: the tokens are written in the characters of byte-level BPE, in UTF-8.
  uint32_t byte_level;
} binverify_vocabulary_options;

/// The size of a vocabulary. Set struct_size to sizeof(binverify_vocabulary_shape) before the call.
typedef struct binverify_vocabulary_shape {
  uint32_t struct_size;
  uint32_t tokens;
  /// The number of logits.
  uint32_t width;
  /// The words of 32 bits of a row of a mask.
  uint32_t mask_words;
} binverify_vocabulary_shape;

/// Where a matcher is. Set struct_size to sizeof(binverify_matcher_place) before the call.
typedef struct binverify_matcher_place {
  uint32_t struct_size;
  /// Whether an end token was accepted, and whether the code may end here.
  uint32_t is_terminated, is_completed;
  /// The tokens accepted, the end included.
  uint32_t tokens;
} binverify_matcher_place;

/// A vocabulary of `count` tokens: their texts one after the other, `text_size` bytes in all, and
/// the length of each, or -1 for a special token, which stands for no text. `ends` are the tokens
/// that end the code. `options` may be null.
binverify_status binverify_vocabulary_tokens(
  const uint8_t *text, size_t text_size, const int32_t *lengths, size_t count,
  const uint32_t *ends, size_t end_count, const binverify_vocabulary_options *options,
  binverify_vocabulary *vocabulary);

/// The vocabulary of a Hugging Face tokenizer.json of byte-level BPE, given its text. `ends` are the
/// contents of the added tokens that end the code. `options` may be null.
binverify_status binverify_vocabulary_tokenizer(
  const char *json, const char *const *ends, size_t end_count,
  const binverify_vocabulary_options *options, binverify_vocabulary *vocabulary);

/// The 256 bytes as tokens 0 to 255, and 256 as the end.
binverify_status binverify_vocabulary_raw_bytes(binverify_vocabulary *vocabulary);

/// The sixteen digits as tokens 0 to 15, and 16 as the end.
binverify_status binverify_vocabulary_hex_digits(binverify_vocabulary *vocabulary);

/// The size of a vocabulary.
binverify_status binverify_vocabulary_size(
  binverify_vocabulary vocabulary, binverify_vocabulary_shape *shape);

/// Copies, as JSON, the constraint that follows from a specification for an ISA: what is defined at
/// entry, what has to survive, which memory may be accessed. As binverify_result_text.
binverify_status binverify_constraint(
  const char *specification, const char *isa, char *buffer, size_t capacity, size_t *size);

/// What the constraint of a specification lets be written besides. Set struct_size to
/// sizeof(binverify_constraint_options) and other members to zero for their default.
typedef struct binverify_constraint_options {
  uint32_t struct_size;
  /// Other than zero: 32 bits of a register, or of a place on the stack, with a narrower argument may be
  /// read, as compilers do; that the result does not depend on those above it is left to the proof.
  uint32_t wide_arguments;
} binverify_constraint_options;

/// As binverify_constraint, with options, which may be null.
binverify_status binverify_constraint_with(
  const char *specification, const char *isa, const binverify_constraint_options *options,
  char *buffer, size_t capacity, size_t *size);

/// Compiles a constraint: a JSON object with the members of DecodingConstraint (Docs/Decoding.md),
/// of which only "isa" is required and unknown ones are errors.
binverify_status binverify_decoder_compile(
  const char *constraint, binverify_vocabulary vocabulary, binverify_decoder *decoder);

/// Compiles another constraint for the vocabulary and the instruction set of a decoder, and shares its
/// tables as far as it can: all where the constraints differ in budgets alone, which takes microseconds;
/// under two specifications with the same instructions it takes less than a millisecond. The other decoder
/// is as `binverify_decoder_compile` makes it; either may be freed before the other.
binverify_status binverify_decoder_with(
  binverify_decoder decoder, const char *constraint, binverify_decoder *other);

/// Copies, as JSON, how each part of the constraint is kept: an array of objects with "name",
/// "enforcement" (enforced, narrowed or over-approximated) and "reason". As binverify_result_text.
binverify_status binverify_decoder_report(
  binverify_decoder decoder, char *buffer, size_t capacity, size_t *size);

/// The bytes that the shared tables and masks take now; they grow where the machine's state is followed, and
/// near the end of a budget.
binverify_status binverify_decoder_memory(binverify_decoder decoder, size_t *bytes);

/// A matcher at the start of the code.
binverify_status binverify_matcher_start(binverify_decoder decoder, binverify_matcher *matcher);

/// A matcher of its own at the same place.
binverify_status binverify_matcher_fork(binverify_matcher matcher, binverify_matcher *fork);

/// Writes a whole row of `words` words, at least the vocabulary's mask_words: bit t & 31 of word
/// t >> 5 is one where token t is accepted next. All bits are zero once the code was ended.
binverify_status binverify_matcher_fill(binverify_matcher matcher, int32_t *row, size_t words);

/// Writes a row for each matcher, `stride` words apart, with up to `threads` threads (0: one a
/// processor). Where `indices` is not null, matcher i writes row indices[i] and others stay.
/// `rows` has room for `row_count` rows.
binverify_status binverify_matcher_fill_batch(
  const binverify_matcher *matchers, size_t count, const uint32_t *indices, int32_t *rows,
  size_t row_count, size_t words, size_t stride, uint32_t threads);

/// Writes the rows that a speculative decoder needs: row 0 is that of the matcher, row i + 1 that
/// after draft token i, which follows draft token parents[i] (an earlier one; -1: the matcher's
/// place). `parents` may be null for a chain. Rows after a refused token are zero; accepted[i], where
/// `accepted` is not null, tells whether token i was taken. The matcher stays where it is.
binverify_status binverify_matcher_fill_draft(
  binverify_matcher matcher, const uint32_t *tokens, const int32_t *parents, size_t count,
  int32_t *rows, size_t words, size_t stride, uint8_t *accepted);

/// Takes tokens one after the other up to the first that is refused; `accepted` is how many.
binverify_status binverify_matcher_accept(
  binverify_matcher matcher, const uint32_t *tokens, size_t count, size_t *accepted);

/// One token for each matcher; accepted[i] is 1 where it was taken, else 0.
binverify_status binverify_matcher_accept_batch(
  const binverify_matcher *matchers, size_t count, const uint32_t *tokens, uint8_t *accepted);

/// How many of the tokens binverify_matcher_accept would take; the matcher stays where it is.
binverify_status binverify_matcher_validate(
  binverify_matcher matcher, const uint32_t *tokens, size_t count, size_t *accepted);

/// Takes back the last `count` tokens; an error, with nothing changed, if there are fewer.
binverify_status binverify_matcher_rollback(binverify_matcher matcher, size_t count);

/// Goes back to the start.
binverify_status binverify_matcher_reset(binverify_matcher matcher);

/// Where a matcher is.
binverify_status binverify_matcher_where(
  binverify_matcher matcher, binverify_matcher_place *place);

/// Writes the tokens that must follow, since at each step there is only one, at most `capacity` of
/// them.
binverify_status binverify_matcher_forced(
  binverify_matcher matcher, uint32_t *tokens, size_t capacity, size_t *count);

/// Copies a text with which everything that may follow begins, whatever its tokens. As bytes, with
/// no zero at the end; `size` is how many there are.
binverify_status binverify_matcher_forced_text(
  binverify_matcher matcher, uint8_t *buffer, size_t capacity, size_t *size);

/// Copies the tokens that were accepted, the end among them, and sets `count` to how many there are. With
/// the decoder they are all that a matcher is: it can be written down as them and made again by accepting
/// them.
binverify_status binverify_matcher_tokens(
  binverify_matcher matcher, uint32_t *tokens, size_t capacity, size_t *count);

/// A number of tokens, the end not counted, after which the code may end: the fewest, unless the machine's
/// state is followed; then those of the completion that is known.
binverify_status binverify_matcher_minimum_tokens(binverify_matcher matcher, size_t *count);

/// Copies why a token is refused here; the empty text where it is accepted. As
/// binverify_result_text.
binverify_status binverify_matcher_explain(
  binverify_matcher matcher, uint32_t token, char *buffer, size_t capacity, size_t *size);

/// Copies up to `capacity` bytes of the code so far and up to `boundary_capacity` offsets of
/// instructions begun, and sets `size` and `boundary_count` to how many there are. The offsets are
/// ascending.
binverify_status binverify_matcher_program(
  binverify_matcher matcher, uint8_t *bytes, size_t capacity, size_t *size, size_t *boundaries,
  size_t boundary_capacity, size_t *boundary_count);

/// Frees a vocabulary; decoders made with it stay. Zero is allowed and does nothing.
binverify_status binverify_vocabulary_free(binverify_vocabulary vocabulary);

/// Frees a decoder; matchers made with it stay. Zero is allowed and does nothing.
binverify_status binverify_decoder_free(binverify_decoder decoder);

/// Frees a matcher, once calls that use it have returned. Zero is allowed and does nothing.
binverify_status binverify_matcher_free(binverify_matcher matcher);

#ifdef __cplusplus
}
#endif

#endif
