/// The C interface of the constrained decoder as a host uses it and misuses it.
#include "check.h"

#include <pthread.h>
#include <string.h>

/// Of raw bytes: 257 logits, so nine words.
enum { WORDS = 9, END = 256 };

static const char constraint[] = "{\"isa\": \"x86-64\", \"maximumInstructions\": 3}";

static int allows(const int32_t *row, uint32_t token) {
  return ((uint32_t)row[token >> 5] >> (token & 31)) & 1;
}

static int equal(const int32_t *one, const int32_t *other) {
  return memcmp(one, other, WORDS * sizeof *one) == 0;
}

static size_t accept(binverify_matcher matcher, const uint32_t *tokens, size_t count) {
  size_t accepted = 99;
  CHECK(binverify_matcher_accept(matcher, tokens, count, &accepted) == BINVERIFY_OK);
  return accepted;
}

static binverify_matcher_place place_of(binverify_matcher matcher) {
  binverify_matcher_place place;
  memset(&place, 0, sizeof place);
  place.struct_size = sizeof place;
  CHECK(binverify_matcher_where(matcher, &place) == BINVERIFY_OK);
  return place;
}

/// neg eax; ret; and what may follow at each step.
static void writes_code(binverify_decoder decoder) {
  const uint32_t code[] = {0xf7, 0xd8, 0xc3, END, 0};
  int32_t row[WORDS + 1], before[WORDS];
  uint8_t bytes[8];
  size_t size, boundaries[8], count, accepted;
  char text[200];
  binverify_matcher matcher, fork;
  CHECK(binverify_matcher_start(decoder, &matcher) == BINVERIFY_OK);
  CHECK(binverify_matcher_fill(matcher, before, WORDS) == BINVERIFY_OK);
  CHECK(allows(before, 0xf7) && !allows(before, 0x06) && !allows(before, END));
  CHECK(binverify_matcher_validate(matcher, code, 5, &accepted) == BINVERIFY_OK && accepted == 4);
  CHECK(accept(matcher, code, 2) == 2 && place_of(matcher).is_completed == 0);
  CHECK(binverify_matcher_explain(matcher, 0x06, text, sizeof text, NULL) == BINVERIFY_OK);
  CHECK(strstr(text, "0x06") != NULL);
  CHECK(binverify_matcher_explain(matcher, 0xc3, text, sizeof text, &size) == BINVERIFY_OK);
  CHECK(size == 1 && text[0] == 0);
  CHECK(binverify_matcher_minimum_tokens(matcher, &count) == BINVERIFY_OK && count == 1);
  CHECK(binverify_matcher_fork(matcher, &fork) == BINVERIFY_OK);
  CHECK(accept(matcher, code + 2, 3) == 2);
  binverify_matcher_place place = place_of(matcher);
  CHECK(place.is_terminated && place.tokens == 4 && place_of(fork).tokens == 2);
  row[WORDS] = -1;
  CHECK(binverify_matcher_fill(matcher, row, WORDS + 1) == BINVERIFY_OK);
  for (int i = 0; i <= WORDS; i++) CHECK(row[i] == 0);
  CHECK(
    binverify_matcher_program(matcher, bytes, 2, &size, boundaries, 8, &count) == BINVERIFY_OK);
  CHECK(size == 3 && count == 2 && bytes[0] == 0xf7 && boundaries[1] == 2);
  uint32_t taken[8];
  CHECK(binverify_matcher_tokens(matcher, taken, 8, &count) == BINVERIFY_OK && count == 4);
  CHECK(memcmp(taken, code, 2 * sizeof *code) == 0);
  CHECK(binverify_matcher_rollback(matcher, 5) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_rollback(matcher, SIZE_MAX) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_rollback(matcher, 4) == BINVERIFY_OK);
  CHECK(binverify_matcher_fill(matcher, row, WORDS) == BINVERIFY_OK && equal(row, before));
  CHECK(binverify_matcher_reset(fork) == BINVERIFY_OK && place_of(fork).tokens == 0);
  CHECK(binverify_matcher_free(matcher) == BINVERIFY_OK);
  CHECK(binverify_matcher_fill(matcher, row, WORDS) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_fill(fork, row, WORDS) == BINVERIFY_OK && equal(row, before));
  CHECK(binverify_matcher_free(fork) == BINVERIFY_OK);
}

/// Batches and drafts say what the calls say one by one.
static void agrees_in_bulk(binverify_decoder decoder) {
  const uint32_t step[] = {0xf7, 0xc3, 0x06}, draft[] = {0xf7, 0xd8, 0x06, 0xc3};
  const int32_t parents[] = {-1, 0, 1, -1};
  const uint32_t order[] = {2, 0, 1};
  binverify_matcher matchers[3];
  int32_t rows[5 * (WORDS + 2)], row[WORDS];
  uint8_t accepted[4];
  for (int i = 0; i < 3; i++) CHECK(binverify_matcher_start(decoder, matchers + i) == BINVERIFY_OK);
  CHECK(binverify_matcher_accept_batch(matchers, 3, step, accepted) == BINVERIFY_OK);
  CHECK(accepted[0] && accepted[1] && !accepted[2]);
  CHECK(
    binverify_matcher_fill_batch(matchers, 3, order, rows, 3, WORDS, WORDS + 2, 2)
    == BINVERIFY_OK);
  for (int i = 0; i < 3; i++) {
    CHECK(binverify_matcher_fill(matchers[i], row, WORDS) == BINVERIFY_OK);
    CHECK(equal(row, rows + order[i] * (WORDS + 2)));
  }
  for (int chain = 0; chain < 2; chain++) {
    binverify_matcher one;
    CHECK(binverify_matcher_start(decoder, &one) == BINVERIFY_OK);
    CHECK(
      binverify_matcher_fill_draft(
        one, draft, chain ? NULL : parents, 4, rows, WORDS, WORDS, accepted)
      == BINVERIFY_OK);
    CHECK(accepted[0] && accepted[1] && !accepted[2] && accepted[3] == !chain);
    for (int i = 0; i < WORDS; i++) CHECK(rows[3 * WORDS + i] == 0);
    CHECK(binverify_matcher_fill(one, row, WORDS) == BINVERIFY_OK && equal(row, rows));
    CHECK(accept(one, draft, 2) == 2);
    CHECK(binverify_matcher_fill(one, row, WORDS) == BINVERIFY_OK && equal(row, rows + 2 * WORDS));
    CHECK(binverify_matcher_free(one) == BINVERIFY_OK);
  }
  for (int i = 0; i < 3; i++) CHECK(binverify_matcher_free(matchers[i]) == BINVERIFY_OK);
}

/// Tokens of a host's own, in hexadecimal, with what must follow.
static void takes_vocabularies(void) {
  const char *json =
    "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"c3\": 0, \"c\": 1, \"3\": 2}},"
    " \"added_tokens\": [{\"id\": 3, \"content\": \"<end>\", \"special\": true}]}";
  const char *end = "<end>";
  const int32_t lengths[] = {2, 1, 1, -1};
  const uint32_t last = 3;
  binverify_vocabulary_options options;
  binverify_vocabulary_shape shape;
  binverify_vocabulary vocabularies[3];
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.alphabet = BINVERIFY_ALPHABET_HEX;
  options.width = 40;
  CHECK(
    binverify_vocabulary_tokens(
      (const uint8_t *)"c3c3", 4, lengths, 4, &last, 1, &options, vocabularies)
    == BINVERIFY_OK);
  CHECK(
    binverify_vocabulary_tokenizer(json, &end, 1, &options, vocabularies + 1) == BINVERIFY_OK);
  options.byte_level = 1;
  CHECK(
    binverify_vocabulary_tokens(
      (const uint8_t *)"c3c3", 4, lengths, 4, &last, 1, &options, vocabularies + 2)
    == BINVERIFY_OK);
  for (int i = 0; i < 3; i++) {
    uint32_t tokens[4];
    uint8_t text[4];
    size_t count;
    binverify_decoder decoder;
    binverify_matcher matcher;
    shape.struct_size = sizeof shape;
    CHECK(binverify_vocabulary_size(vocabularies[i], &shape) == BINVERIFY_OK);
    CHECK(shape.tokens == 4 && shape.width == 40 && shape.mask_words == 2);
    CHECK(binverify_decoder_compile(
            "{\"isa\": \"x86-64\", \"maximumInstructions\": 1}", vocabularies[i], &decoder)
          == BINVERIFY_OK);
    CHECK(binverify_vocabulary_free(vocabularies[i]) == BINVERIFY_OK);
    CHECK(binverify_matcher_start(decoder, &matcher) == BINVERIFY_OK);
    CHECK(binverify_decoder_free(decoder) == BINVERIFY_OK);
    CHECK(binverify_matcher_forced(matcher, tokens, 4, &count) == BINVERIFY_OK && count == 0);
    CHECK(binverify_matcher_forced_text(matcher, text, 4, &count) == BINVERIFY_OK);
    CHECK(count == 1 && text[0] == 'c');
    tokens[0] = 1;
    CHECK(accept(matcher, tokens, 1) == 1);
    CHECK(binverify_matcher_forced(matcher, tokens, 4, &count) == BINVERIFY_OK && count == 2);
    CHECK(tokens[0] == 2 && tokens[1] == 3);
    CHECK(binverify_matcher_free(matcher) == BINVERIFY_OK);
  }
}

static void refuses_vocabularies(void) {
  const int32_t lengths[] = {1, -2};
  const int32_t long_one[] = {3};
  const uint32_t none = 7;
  const uint8_t text[] = {0xc3, 0xff};
  binverify_vocabulary_options options;
  binverify_vocabulary_shape shape;
  binverify_vocabulary made;
  memset(&options, 0, sizeof options);
  memset(&shape, 0, sizeof shape);
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 1, NULL, 0, &options, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  options.struct_size = sizeof options;
  options.alphabet = 9;
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 1, NULL, 0, &options, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  options.alphabet = BINVERIFY_ALPHABET_HEX;
  options.spacing = -1;
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 1, NULL, 0, &options, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  options.spacing = 0;
  options.width = UINT32_MAX;
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 1, NULL, 0, &options, &made)
        == BINVERIFY_ERROR_DECODER);
  options.width = 0;
  options.byte_level = 1;
  CHECK(binverify_vocabulary_tokens(text + 1, 1, lengths, 1, NULL, 0, &options, &made)
        == BINVERIFY_ERROR_DECODER);
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 2, NULL, 0, NULL, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokens(text, 1, long_one, 1, NULL, 0, NULL, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokens(text, 2, lengths, 1, NULL, 0, NULL, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokens(NULL, 1, lengths, 1, NULL, 0, NULL, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, SIZE_MAX, NULL, 0, NULL, &made)
        == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 1, &none, 1, NULL, &made)
        == BINVERIFY_ERROR_DECODER);
  CHECK(binverify_vocabulary_tokens(text, 1, lengths, 1, NULL, 0, NULL, NULL)
        == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokenizer("{", NULL, 0, NULL, &made) == BINVERIFY_ERROR_DECODER);
  CHECK(binverify_vocabulary_tokenizer(NULL, NULL, 0, NULL, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_tokenizer("{}", NULL, 1, NULL, &made) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_raw_bytes(NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_vocabulary_size(77, &shape) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_vocabulary_hex_digits(&made) == BINVERIFY_OK);
  CHECK(binverify_vocabulary_size(made, &shape) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_decoder_free(made) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_vocabulary_free(made) == BINVERIFY_OK);
  CHECK(binverify_vocabulary_free(made) == BINVERIFY_ERROR_HANDLE);
}

/// A decoder made from another keeps its own constraint, also when the other one is gone.
static void makes_others(binverify_decoder decoder) {
  static const char *const one =
    "{\"isa\": \"x86-64\", \"allowsStores\": false, \"maximumBytes\": 1}";
  binverify_decoder other, third;
  binverify_matcher matcher;
  const uint32_t ret = 0xc3, wide = 0x48;
  CHECK(binverify_decoder_with(decoder, one, &other) == BINVERIFY_OK);
  CHECK(binverify_decoder_with(other, "{\"isa\": \"x86-64\"}", &third) == BINVERIFY_OK);
  CHECK(binverify_matcher_start(other, &matcher) == BINVERIFY_OK);
  CHECK(binverify_decoder_free(other) == BINVERIFY_OK);
  CHECK(accept(matcher, &wide, 1) == 0 && accept(matcher, &ret, 1) == 1);
  CHECK(binverify_matcher_free(matcher) == BINVERIFY_OK);
  CHECK(binverify_matcher_start(third, &matcher) == BINVERIFY_OK);
  CHECK(accept(matcher, &wide, 1) == 1);
  CHECK(binverify_matcher_free(matcher) == BINVERIFY_OK);
  CHECK(binverify_decoder_with(third, "{\"isa\": \"arm64\"}", &other) == BINVERIFY_ERROR_DECODER);
  CHECK(binverify_decoder_with(third, NULL, &other) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_decoder_with(third, one, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_decoder_free(third) == BINVERIFY_OK);
  CHECK(binverify_decoder_with(third, one, &other) == BINVERIFY_ERROR_HANDLE);
}

static void refuses_constraints(binverify_vocabulary vocabulary) {
  static const char *const wrong[] = {
    "", "{", "[]", "7", "{}", "{\"isa\": 7}", "{\"isa\": \"z80\"}",
    "{\"isa\": \"x86-64\", \"maximumInstruction\": 3}",
    "{\"isa\": \"x86-64\", \"maximumInstructions\": \"3\"}",
    "{\"isa\": \"x86-64\", \"maximumInstructions\": 0}",
    "{\"isa\": \"x86-64\", \"allowedMnemonics\": [\"nonsense\"]}",
    "{\"isa\": \"x86-64\", \"allowedRegisters\": [\"x0\"]}",
    "{\"isa\": \"arm64\", \"maximumBytes\": 3}",
  };
  binverify_decoder decoder;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK(binverify_decoder_compile(wrong[i], vocabulary, &decoder) == BINVERIFY_ERROR_DECODER);
    CHECK(binverify_error_message(NULL, 0) > 1);
  }
  CHECK(binverify_decoder_compile(NULL, vocabulary, &decoder) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_decoder_compile(constraint, vocabulary, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_decoder_compile(constraint, 0, &decoder) == BINVERIFY_ERROR_HANDLE);
  CHECK(
    binverify_decoder_compile(
      "{\"isa\": \"x86-64\", \"cpu\": null, \"allowsStores\": false}", vocabulary, &decoder)
    == BINVERIFY_OK);
  makes_others(decoder);
  CHECK(binverify_decoder_free(decoder) == BINVERIFY_OK);
}

/// The constraint of a specification is one that can be compiled.
static void follows_a_specification(binverify_vocabulary vocabulary) {
  const char *specification =
    "(set-logic QF_BV)(set-info :kernel \"int32_t f(int32_t x)\")"
    "(declare-const x (_ BitVec 32))(declare-const result (_ BitVec 32))"
    "(define-fun ensures () Bool (= result x))";
  char text[4000];
  size_t size;
  binverify_decoder decoder;
  CHECK(binverify_constraint(specification, "x86-64", text, sizeof text, &size) == BINVERIFY_OK);
  CHECK(size == strlen(text) + 1 && strstr(text, "\"isa\":\"x86-64\""));
  CHECK(binverify_decoder_compile(text, vocabulary, &decoder) == BINVERIFY_OK);
  CHECK(binverify_decoder_free(decoder) == BINVERIFY_OK);
  binverify_constraint_options options = {.struct_size = sizeof options, .wide_arguments = 1};
  char other[4000];
  CHECK(
    binverify_constraint_with(specification, "x86-64", &options, other, sizeof other, &size)
    == BINVERIFY_OK);
  // The argument is not narrow.
  CHECK(!strcmp(text, other));
  options.struct_size = 4;
  CHECK(
    binverify_constraint_with(specification, "x86-64", &options, other, sizeof other, &size)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_constraint("(", "x86-64", text, 9, NULL) == BINVERIFY_ERROR_SPECIFICATION);
  CHECK(binverify_constraint(specification, "z80", text, 9, NULL) == BINVERIFY_ERROR_DECODER);
  CHECK(binverify_constraint(NULL, "arm64", text, 9, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_constraint(specification, "arm64", NULL, 9, NULL) == BINVERIFY_ERROR_ARGUMENT);
}

static void refuses_calls(binverify_decoder decoder, binverify_vocabulary vocabulary) {
  const uint32_t ret = 0xc3, beyond = UINT32_MAX, twice[] = {0, 0};
  const int32_t parents[] = {0};
  int32_t rows[2 * WORDS];
  uint32_t tokens[2];
  uint8_t byte;
  size_t size;
  char text[8];
  binverify_matcher_place place;
  binverify_matcher matcher, pair[2];
  CHECK(binverify_matcher_start(vocabulary, &matcher) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_start(decoder, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_start(decoder, &matcher) == BINVERIFY_OK);
  CHECK(binverify_matcher_fill(decoder, rows, WORDS) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_fill(matcher, NULL, WORDS) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_fill(matcher, rows, WORDS - 1) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_fill(matcher, rows, SIZE_MAX) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(accept(matcher, &beyond, 1) == 0 && accept(matcher, NULL, 0) == 0);
  CHECK(binverify_matcher_accept(matcher, NULL, 1, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_accept(matcher, &ret, SIZE_MAX, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_accept(matcher, &ret, 1, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_validate(0, &ret, 1, &size) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_explain(matcher, beyond, text, sizeof text, &size) == BINVERIFY_OK);
  CHECK(strlen(text) == 7 && size > 8);
  CHECK(binverify_matcher_explain(matcher, 0, NULL, 8, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_forced(matcher, NULL, 2, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_forced(matcher, tokens, SIZE_MAX, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_forced_text(matcher, &byte, SIZE_MAX, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_minimum_tokens(matcher, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_tokens(matcher, tokens, 1, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_tokens(matcher, NULL, 1, &size) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_tokens(decoder, NULL, 0, &size) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_tokens(matcher, NULL, 0, &size) == BINVERIFY_OK && size == 0);
  CHECK(
    binverify_matcher_program(matcher, NULL, 1, NULL, NULL, 0, NULL) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_program(matcher, NULL, 0, NULL, NULL, 0, NULL) == BINVERIFY_OK);
  memset(&place, 0, sizeof place);
  CHECK(binverify_matcher_where(matcher, &place) == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_where(matcher, NULL) == BINVERIFY_ERROR_ARGUMENT);
  pair[0] = matcher;
  pair[1] = 0;
  CHECK(
    binverify_matcher_fill_batch(pair, 2, NULL, rows, 2, WORDS, WORDS, 1)
    == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_accept_batch(pair, 2, twice, &byte) == BINVERIFY_ERROR_HANDLE);
  pair[1] = matcher;
  CHECK(
    binverify_matcher_fill_batch(pair, 2, NULL, rows, 1, WORDS, WORDS, 1)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(
    binverify_matcher_fill_batch(pair, 2, twice, rows, 2, WORDS, WORDS, 1)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(
    binverify_matcher_fill_batch(pair, 2, NULL, rows, 2, WORDS, WORDS - 1, 1)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(
    binverify_matcher_fill_batch(pair, 2, NULL, rows, 2, WORDS, WORDS, 9999)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(
    binverify_matcher_fill_draft(matcher, &ret, parents, 1, rows, WORDS, WORDS, NULL)
    == BINVERIFY_ERROR_ARGUMENT);
  CHECK(binverify_matcher_free(decoder) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_matcher_free(matcher) == BINVERIFY_OK && binverify_matcher_free(0) == BINVERIFY_OK);
  CHECK(binverify_matcher_fork(matcher, pair) == BINVERIFY_ERROR_HANDLE);
  CHECK(binverify_decoder_memory(decoder, &size) == BINVERIFY_OK && size > 0);
  CHECK(binverify_decoder_memory(decoder, NULL) == BINVERIFY_ERROR_ARGUMENT);
}

static void *from_a_thread(void *argument) {
  binverify_decoder decoder = *(binverify_decoder *)argument;
  for (int i = 0; i < 3; i++) {
    writes_code(decoder);
    agrees_in_bulk(decoder);
  }
  return NULL;
}

/// One matcher in several hands: each call is whole.
static void *shares(void *argument) {
  const uint32_t nop = 0x90;
  int32_t row[WORDS];
  for (int i = 0; i < 40; i++) {
    CHECK(binverify_matcher_fill(*(binverify_matcher *)argument, row, WORDS) == BINVERIFY_OK);
    if (accept(*(binverify_matcher *)argument, &nop, 1) == 1)
      CHECK(binverify_matcher_rollback(*(binverify_matcher *)argument, 1) == BINVERIFY_OK);
  }
  return NULL;
}

int main(void) {
  char report[2000];
  pthread_t threads[4];
  binverify_vocabulary vocabulary;
  binverify_decoder decoder;
  binverify_matcher matcher;
  CHECK(binverify_vocabulary_raw_bytes(&vocabulary) == BINVERIFY_OK);
  CHECK(binverify_decoder_compile(constraint, vocabulary, &decoder) == BINVERIFY_OK);
  CHECK(binverify_decoder_report(decoder, report, sizeof report, NULL) == BINVERIFY_OK);
  CHECK(strstr(report, "\"instructions\"") && strstr(report, "\"enforced\""));
  writes_code(decoder);
  agrees_in_bulk(decoder);
  takes_vocabularies();
  refuses_vocabularies();
  refuses_constraints(vocabulary);
  refuses_calls(decoder, vocabulary);
  follows_a_specification(vocabulary);
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, from_a_thread, &decoder);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  CHECK(binverify_matcher_start(decoder, &matcher) == BINVERIFY_OK);
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, shares, &matcher);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  CHECK(place_of(matcher).tokens == 0 && binverify_matcher_free(matcher) == BINVERIFY_OK);
  CHECK(binverify_decoder_free(decoder) == BINVERIFY_OK);
  CHECK(binverify_vocabulary_free(vocabulary) == BINVERIFY_OK);
  puts("ok");
  return 0;
}
