"""Masks as their users see them."""

import concurrent.futures
import json
import random
import unittest

import numpy

import binverify
from binverify import decode

NEG, EAX, RET, END = 0xF7, 0xD8, 0xC3, 256


def allowed(matcher):
    """The ids that the mask allows."""
    mask = decode.allocate_token_bitmask(1, matcher.decoder.vocabulary.width)
    matcher.fill_next_token_bitmask(mask)
    bits = numpy.unpackbits(mask.view(numpy.uint8), bitorder="little")
    return set(numpy.flatnonzero(bits))


def accepted(matcher):
    """The ids that are accepted, one by one."""
    return {
        token for token in range(-1, matcher.decoder.vocabulary.width + 40)
        if matcher.fork().accept_token(token)
    }


class DecodeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.decoder = decode.Decoder(
            "x86-64", decode.Vocabulary.raw_bytes(), maximum_instructions=3
        )

    def test_whole_instructions_under_a_specification(self):
        spec = """(set-logic QF_BV)
          (set-info :kernel "int32_t f(int32_t x)")
          (declare-const x (_ BitVec 32))
          (declare-const result (_ BitVec 32))
          (define-fun requires () Bool true)
          (define-fun ensures () Bool (= result (bvneg x)))"""
        # mov eax, edi; neg eax; push rbx; neg ebx; ret
        codes = [bytes.fromhex(text) for text in ("89f8", "f7d8", "53", "f7db", "c3")]
        vocabulary = decode.Vocabulary.instructions(codes)
        decoder = decode.Decoder(decode.constraint(spec), vocabulary, maximum_tokens=4)
        matcher = decoder.matcher()
        # Nothing gives back what was pushed, and no result is there yet.
        self.assertEqual(allowed(matcher), {0})
        self.assertEqual(allowed(matcher), accepted(matcher))
        for token in (0, 1, 4, 5):
            self.assertTrue(matcher.accept_token(token))
        self.assertEqual(binverify.prove(matcher.program.code, spec).verdict, "proved")

    def test_mask_is_what_is_accepted(self):
        # Tokens that overlap, begin and end inside bytes, come twice, are empty or special.
        tokens = [b"f7", b"f", b"7", b"7d", b"d8c", b"3", b"c3", b"f7", b"", None, b"f7d8c3", b"3c"]
        vocabulary = decode.Vocabulary(
            tokens + [b"%x" % digit for digit in range(16)] + [None], [28], alphabet="hex", width=70
        )
        decoder = decode.Decoder("x86-64", vocabulary, maximum_instructions=2)
        chance = random.Random(1)
        for _ in range(4):
            matcher = decoder.matcher()
            while not matcher.is_terminated():
                choice = allowed(matcher)
                self.assertEqual(choice, accepted(matcher))
                self.assertTrue(choice)
                self.assertTrue(matcher.accept_token(chance.choice(sorted(choice))))
            self.assertEqual(allowed(matcher), set())

    def test_accept_rollback_fork_reset(self):
        matcher = self.decoder.matcher()
        start = allowed(matcher)
        self.assertTrue(matcher.consume_tokens([NEG, EAX]))
        self.assertFalse(matcher.consume_tokens([RET, 0x06]))
        self.assertEqual(matcher.num_tokens, 2)
        self.assertEqual(matcher.validate_tokens([RET, END, 0]), 2)
        self.assertIsNone(matcher.explain(RET))
        self.assertIn("0x06", matcher.explain(0x06))
        self.assertEqual(matcher.minimum_tokens_to_complete, 1)
        fork = matcher.fork()
        self.assertEqual(matcher.try_consume_tokens([RET, END, 1]), 2)
        self.assertTrue(matcher.is_terminated() and matcher.is_completed())
        self.assertFalse(fork.is_completed())
        self.assertEqual(matcher.program, decode.Program(bytes([NEG, EAX, RET]), [0, 2]))
        with self.assertRaises(binverify.BinVerifyError):
            matcher.rollback(5)
        with self.assertRaises(binverify.BinVerifyError):
            matcher.rollback(-1)
        with self.assertRaises(binverify.BinVerifyError):
            matcher.rollback(1 << 70)
        matcher.rollback(4)
        self.assertEqual(allowed(matcher), start)
        fork.reset()
        self.assertEqual(allowed(fork), start)

    def test_what_must_follow(self):
        one = decode.Decoder("x86-64", decode.Vocabulary.hex_digits(), maximum_bytes=1)
        matcher = one.matcher()
        self.assertEqual(matcher.compute_ff_tokens(), [12, 3, 16])
        self.assertEqual(matcher.find_jump_forward_string(), "c3")

    def test_batches_and_drafts(self):
        matchers = [self.decoder.matcher() for _ in range(3)]
        self.assertEqual(
            decode.batch_accept_tokens(matchers, [NEG, RET, 0x06]), [True, True, False]
        )
        rows = decode.allocate_token_bitmask(4, 257)
        decode.batch_fill_next_token_bitmask(matchers, rows, [3, 0, 1], threads=2)
        one = decode.allocate_token_bitmask(1, 257)
        for matcher, index in zip(matchers, [3, 0, 1]):
            matcher.fill_next_token_bitmask(one)
            self.assertEqual(one[0].tolist(), rows[index].tolist())
        self.assertEqual(rows[2].tolist(), [-1] * 9)
        taken = self.decoder.matcher().fill_draft_bitmasks(rows, [NEG, EAX, RET], [-1, 0, -1])
        self.assertEqual(taken, [True, True, True])
        matchers[0].fill_next_token_bitmask(one)
        self.assertEqual(one[0].tolist(), rows[1].tolist())
        matchers[1].fill_next_token_bitmask(one)
        self.assertEqual(one[0].tolist(), rows[3].tolist())

    def test_batches_and_drafts_at_random(self):
        # In any order, with any number of threads, and ahead of what was accepted: the same rows.
        chance = random.Random(2)
        matchers = [self.decoder.matcher() for _ in range(9)]
        for _ in range(12):
            single = decode.allocate_token_bitmask(len(matchers), 257)
            for index, matcher in enumerate(matchers):
                matcher.fill_next_token_bitmask(single, index)
            order = chance.sample(range(len(matchers)), len(matchers))
            rows = decode.allocate_token_bitmask(len(matchers), 257)
            decode.batch_fill_next_token_bitmask(
                [matchers[index] for index in order], rows, order, threads=chance.choice([1, 2, 4])
            )
            self.assertEqual(rows.tolist(), single.tolist())
            tokens = [chance.randrange(257) for _ in matchers]
            for index, matcher in enumerate(matchers):
                choice = sorted(allowed(matcher))
                if choice and chance.random() < 0.9:
                    tokens[index] = chance.choice(choice)
            expected = [bool(single[i, t >> 5] >> (t & 31) & 1) for i, t in enumerate(tokens)]
            self.assertEqual(decode.batch_accept_tokens(matchers, tokens), expected)
            self.check_draft(chance.choice(matchers), chance)

    def check_draft(self, matcher, chance):
        """A tree of drafts has the rows that forks have which accepted the same tokens."""
        parents, drafts, forks = [], [], []
        for index in range(8):
            parent = chance.randrange(-1, index)
            fork = (matcher if parent < 0 else forks[parent] or matcher).fork()
            token = chance.choice(sorted(allowed(fork)) or [0])
            is_known = parent < 0 or forks[parent] is not None
            if chance.random() < 0.2:
                token = chance.randrange(257)
            is_taken = is_known and fork.accept_token(token)
            parents.append(parent)
            drafts.append(token)
            forks.append(fork if is_taken else None)
        rows = decode.allocate_token_bitmask(9, 257)
        taken = matcher.fill_draft_bitmasks(rows, drafts, parents)
        self.assertEqual(taken, [fork is not None for fork in forks])
        one = decode.allocate_token_bitmask(1, 257)
        for index, fork in enumerate([matcher] + forks):
            if fork is not None:
                fork.fill_next_token_bitmask(one)
                self.assertEqual(one[0].tolist(), rows[index].tolist())
            else:
                self.assertFalse(rows[index].any())

    def test_rows_are_checked(self):
        matcher = self.decoder.matcher()
        fill = matcher.fill_next_token_bitmask
        for wrong in (
            numpy.zeros((1, 8), numpy.int32), numpy.zeros((1, 9), numpy.int64),
            numpy.zeros((1, 18), numpy.int32)[:, ::2], numpy.zeros((1, 1, 9), numpy.int32),
        ):
            with self.assertRaises(binverify.BinVerifyError):
                fill(wrong)
        with self.assertRaises(binverify.BinVerifyError):
            fill(numpy.zeros((2, 9), numpy.int32), 2)
        with self.assertRaises(binverify.BinVerifyError):
            matcher.fill_draft_bitmasks(numpy.zeros((2, 9), numpy.int32), [NEG, EAX])
        wide = numpy.full((2, 12), -1, numpy.int32)
        fill(wide[:, :9], 1)
        self.assertEqual(wide[0].tolist(), [-1] * 12)
        self.assertEqual(wide[1, 9:].tolist(), [-1] * 3)

    def test_numbers_are_not_cut_off(self):
        matcher = self.decoder.matcher()
        rows = decode.allocate_token_bitmask(2, 257)
        spec = '(set-info :kernel "int32_t f(int32_t x)")'
        calls = {
            "width": lambda n: decode.Vocabulary([b"a"], width=n),
            "byte_level": lambda n: decode.Vocabulary([b"a"], byte_level=n),
            "wide_arguments": lambda n: decode.constraint(spec, wide_arguments=n),
            "row": lambda n: matcher.fill_next_token_bitmask(rows, n),
            "parents": lambda n: matcher.fill_draft_bitmasks(rows, [NEG], [n]),
            "num_tokens": matcher.rollback,
            "limit": matcher.compute_ff_tokens,
            "threads": lambda n: decode.batch_fill_next_token_bitmask([matcher], rows, threads=n),
        }
        for name, call in calls.items():
            for wrong in (-(2**32), 2**32 - 2**64, 2**64):
                with self.assertRaisesRegex(ValueError, f"^{name}: an integer from .*found {wrong}$"):
                    call(wrong)
            with self.assertRaisesRegex(TypeError, f"^{name}: an integer was expected, found float$"):
                call(0.5)
        for wrong in (float(NEG), "247"):
            with self.assertRaises(TypeError):
                matcher.accept_token(wrong)
        self.assertEqual(matcher.num_tokens, 0)
        self.assertTrue(matcher.accept_token(numpy.int32(NEG)))

    def test_what_is_no_token(self):
        for wrong in ("c3", 3, numpy.array([1, 2])):
            with self.assertRaisesRegex(TypeError, "^token 1: bytes"):
                decode.Vocabulary([b"a", wrong])
        self.assertEqual(decode.Vocabulary([bytearray(b"a"), None, memoryview(b"b")]).size, 3)

    def test_applying(self):
        matcher = self.decoder.matcher()
        mask = decode.allocate_token_bitmask(1, 257)
        matcher.fill_next_token_bitmask(mask)
        logits = numpy.zeros((1, 300), numpy.float32)
        decode.apply_token_bitmask_inplace(logits, mask)
        self.assertEqual(set(numpy.flatnonzero(logits[0] == 0)), allowed(matcher))

    def test_no_member_is_given_twice(self):
        for text in [
            '{"isa": "x86-64", "maximumBytes": 1, "maximumBytes": 500}',
            '{"isa": "x86-64", "buffers": [{"name": "p", "name": "q"}]}',
        ]:
            with self.assertRaises(decode.DecoderError):
                decode.Decoder(text, decode.Vocabulary.raw_bytes())

    def test_constraints_are_checked_and_reported(self):
        vocabulary = decode.Vocabulary.raw_bytes()
        report = {part.name: part.enforcement for part in self.decoder.report}
        self.assertEqual(report["instructions"], "enforced")
        quiet = decode.Decoder({"isa": "arm64"}, vocabulary, denied_mnemonics={"add", "sub"})
        self.assertEqual(quiet.constraint["deniedMnemonics"], ["add", "sub"])
        for constraint, parts in (
            ("z80", {}), ("x86-64", {"maximum_instruction": 3}), ('{"isa": 3}', {}),
            ("x86-64", {"maximum_instructions": "3"}), ({}, {}),
        ):
            with self.assertRaises(binverify.DecoderError):
                decode.Decoder(constraint, vocabulary, **parts)
        with self.assertRaises(binverify.DecoderError):
            decode.Vocabulary([b"a"], [3])
        with self.assertRaises(binverify.DecoderError):
            decode.Vocabulary([b"a"], alphabet="octal")

    def test_decoders_are_made_from_others(self):
        other = self.decoder.with_constraint(maximum_instructions=1)
        self.assertEqual(other.constraint["maximumInstructions"], 1)
        self.assertEqual(self.decoder.constraint["maximumInstructions"], 3)
        self.assertFalse(other.matcher().consume_tokens([NEG, EAX]))
        self.assertTrue(self.decoder.matcher().consume_tokens([NEG, EAX]))
        denied = other.with_constraint("x86-64", denied_mnemonics={"neg"})
        self.assertFalse(denied.matcher().consume_tokens([NEG, EAX]))
        with self.assertRaises(binverify.DecoderError):
            other.with_constraint(maximum_bytes=0)
        with self.assertRaises(binverify.DecoderError):
            other.with_constraint("arm64")

    def test_the_constraint_of_a_specification(self):
        spec = """
            (set-logic QF_BV)
            (set-info :kernel "int32_t f(int32_t x)")
            (declare-const x (_ BitVec 32))
            (declare-const result (_ BitVec 32))
            (define-fun ensures () Bool (= result x))
            """
        members = decode.constraint(spec)
        self.assertTrue(members["onlyDefinedReads"])
        decoder = decode.Decoder(
            members, decode.Vocabulary.raw_bytes(), maximum_instructions=3,
            allowed_mnemonics=["mov", "neg", "ret"],
        )
        # Nothing has a value but edi: mov eax, edi is allowed, mov eax, esi and a bare ret are not.
        self.assertEqual(decoder.matcher().validate_tokens([0x89, 0xF8, RET, END]), 4)
        self.assertEqual(decoder.matcher().validate_tokens([0x89, 0xF0]), 1)
        self.assertEqual(decoder.matcher().validate_tokens([RET, END]), 0)
        with self.assertRaises(binverify.SpecificationError):
            decode.constraint("(")

    def test_wide_arguments(self):
        spec = """
            (set-logic QF_BV)
            (set-info :kernel "uint32_t f(uint8_t x)")
            (declare-const x (_ BitVec 8))
            (declare-const result (_ BitVec 32))
            (define-fun ensures () Bool (= result ((_ zero_extend 24) x)))
            """

        def accepted(**options):
            decoder = decode.Decoder(
                decode.constraint(spec, **options), decode.Vocabulary.raw_bytes(),
                maximum_instructions=3, allowed_mnemonics=["mov", "movzx", "ret"],
            )
            # mov eax, edi, of which the lowest byte has a value.
            return decoder.matcher().validate_tokens([0x89, 0xF8])

        self.assertEqual(accepted(), 1)
        self.assertEqual(accepted(wide_arguments=True), 2)

    def test_a_tokenizer_file(self):
        text = json.dumps({
            "model": {"type": "BPE", "vocab": {"c": 0, "3": 1, "c3": 2}},
            "added_tokens": [{"id": 3, "content": "<end>", "special": True}],
        })
        vocabulary = decode.Vocabulary.from_tokenizer(text, ["<end>"], width=64)
        self.assertEqual((vocabulary.size, vocabulary.width, vocabulary.mask_words), (4, 64, 2))
        matcher = decode.Matcher(decode.Decoder("x86-64", vocabulary, maximum_instructions=1))
        self.assertEqual(allowed(matcher), {0, 2})

    def test_threads(self):
        def work(seed):
            chance = random.Random(seed)
            matcher = self.decoder.matcher()
            while not matcher.is_terminated():
                matcher.accept_token(chance.choice(sorted(allowed(matcher))))
            return matcher.program

        alone = [work(seed) for seed in range(8)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertEqual(list(pool.map(work, range(8))), alone)


if __name__ == "__main__":
    unittest.main()
