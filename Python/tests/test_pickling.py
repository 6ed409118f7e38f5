"""Copies and pickles: a handle means nothing in another process, or something else."""

import copy
import gc
import json
import multiprocessing
import os
import pathlib
import pickle
import re
import subprocess
import sys
import unittest

import numpy

import binverify
from binverify import decode

SPEC = """
(set-logic QF_BV)
(set-info :kernel "int32_t f(int32_t x)")
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result %s))
"""
SAME = bytes.fromhex("89f8c3")
NEGATED = bytes.fromhex("89f8f7d8c3")
NEG, EAX, RET, END = 0xF7, 0xD8, 0xC3, 256
TOKENIZER = json.dumps({
    "model": {"type": "BPE", "vocab": {"c": 0, "3": 1, "c3": 2, "Ġ": 3}},
    "added_tokens": [{"id": 4, "content": "<end>", "special": True}],
})


def anew(function, *arguments):
    """What a function returns in a process that begins anew."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply_async(function, arguments).get(timeout=60)


# What is done in other processes.


def verdicts(*verifiers):
    return [[v.verify(code).verdict for code in (SAME, NEGATED)] for v in verifiers]


def pickled_verifier(term):
    verifier = binverify.Verifier(SPEC % term)
    return verifier._handle, verdicts(verifier), pickle.dumps(verifier)


def judged_beside(term, data):
    """Verdicts of a verifier of one's own and of one that was pickled."""
    own = binverify.Verifier(SPEC % term)
    return own._handle, verdicts(own, pickle.loads(data))


def pickled_matcher(isa, tokens):
    matcher = decode.Decoder(isa, decode.Vocabulary.raw_bytes(), maximum_instructions=3).matcher()
    taken = matcher.consume_tokens(tokens)
    return matcher._handle, taken, pickle.dumps(matcher)


def described_beside(isa, data):
    own = decode.Decoder(isa, decode.Vocabulary.raw_bytes(), maximum_instructions=3).matcher()
    return own._handle, describe(pickle.loads(data))


def describe(matcher):
    """All that a matcher is."""
    vocabulary = matcher.decoder.vocabulary
    mask = decode.allocate_token_bitmask(1, vocabulary.width)
    matcher.fill_next_token_bitmask(mask)
    return (
        matcher.tokens, matcher.program, matcher.is_terminated(), mask.tolist(), vocabulary.size,
        vocabulary.width, vocabulary.mask_words, vocabulary.end_tokens, matcher.decoder.constraint,
        [(part.name, part.enforcement) for part in matcher.decoder.report],
    )


def made_here(kind):
    return MAKERS[kind]().matcher()


def written_here(kind):
    """One after code that may end."""
    matcher = made_here(kind)
    if not matcher.consume_tokens(CODES[kind]) or not matcher.is_completed():
        raise AssertionError(kind)
    return matcher


MAKERS = {
    "raw bytes": lambda: decode.Decoder(
        "x86-64", decode.Vocabulary.raw_bytes(), allowed_mnemonics={"neg", "ret"}),
    "hex digits": lambda: decode.Decoder('{"isa": "arm64"}', decode.Vocabulary.hex_digits()),
    "tokens": lambda: decode.Decoder("x86-64", decode.Vocabulary(
        [b"F7", None, bytearray(b"D8"), b"", b"C 3", b"C", b"3", None], [7, 1], alphabet="hex",
        digits="upper", spacing="free", width=numpy.int64(70)), maximum_instructions=2),
    "byte-level": lambda: decode.Decoder("x86-64", decode.Vocabulary(
        ["Ã".encode(), None], [1], byte_level=True), maximum_instructions=1),
    "tokenizer": lambda: decode.Decoder("x86-64", decode.Vocabulary.from_tokenizer(
        TOKENIZER, [4], spacing="free", width=64), maximum_instructions=1),
    "from another": lambda: decode.Decoder(
        "x86-64", decode.Vocabulary.raw_bytes()).with_constraint(maximum_instructions=1),
    "of a specification": lambda: decode.Decoder(
        decode.constraint(SPEC % "x"), decode.Vocabulary.raw_bytes(), maximum_instructions=2),
}

CODES = {
    "raw bytes": [NEG, EAX, RET], "hex digits": [12, 0, 0, 3, 5, 15, 13, 6], "tokens": [0, 2, 5, 6],
    "byte-level": [0], "tokenizer": [3, 2], "from another": [RET], "of a specification": [*SAME],
}


class PicklingTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pool = multiprocessing.get_context("spawn").Pool(1)

    @classmethod
    def tearDownClass(cls):
        cls.pool.terminate()
        cls.pool.join()

    def elsewhere(self, function, *arguments):
        """What a function returns in another process."""
        return self.pool.apply_async(function, arguments).get(timeout=60)

    def test_a_verifier_is_of_its_own_specification_elsewhere(self):
        # Both are the first of their process, and have the same number.
        first, here, data = anew(pickled_verifier, "(bvneg x)")
        self.assertEqual(here, [["refuted", "proved"]])
        second, there = anew(judged_beside, "x", data)
        self.assertEqual(first, second)
        self.assertEqual(there, [["proved", "refuted"], ["refuted", "proved"]])
        # And the other way.
        first, here, data = anew(pickled_verifier, "x")
        second, there = anew(judged_beside, "(bvneg x)", data)
        self.assertEqual(first, second)
        self.assertEqual(there, [["refuted", "proved"], ["proved", "refuted"]])

    def test_verifiers_go_and_come(self):
        own = binverify.Verifier(SPEC % "x", seconds=20)
        _, _, data = self.elsewhere(pickled_verifier, "(bvneg x)")
        self.assertEqual(verdicts(own, pickle.loads(data)), [["proved", "refuted"], ["refuted", "proved"]])
        self.assertEqual(self.elsewhere(verdicts, own, own), [["proved", "refuted"]] * 2)
        # A method as the work of a pool.
        results = self.pool.map_async(own.verify, [SAME, NEGATED, SAME]).get(timeout=60)
        self.assertEqual([r.verdict for r in results], ["proved", "refuted", "proved"])

    def test_an_equivalence_is_the_same_elsewhere(self):
        contract = "int32_t f(int32_t x)"
        # mov w0, w0; ret
        arm64 = bytes.fromhex("e003002ac0035fd6")
        negated = binverify.Verifier.equivalence(bytearray(NEGATED), contract)
        same = binverify.Verifier.equivalence(arm64, contract, "arm64", candidate_isa="x86-64")
        expected = [["refuted", "proved"], ["proved", "refuted"]]
        self.assertEqual(verdicts(negated, same), expected)
        self.assertEqual(self.elsewhere(verdicts, negated, same), expected)

    def test_limits_are_kept(self):
        limits = {"tests": numpy.int64(3), "memory": 2**30, "seconds": numpy.float32(9), "resource": 10**9}
        kept = pickle.loads(pickle.dumps(binverify.Verifier(SPEC % "x", **limits)))
        self.assertEqual(kept._made_of[-1], (9.0, 2**30, 3, 10**9, None, True))
        self.assertEqual({type(value) for value in kept._made_of[-1][:4]}, {float, int})
        named = binverify.Verifier(SPEC % "x", cpu="x86-64-v2")
        self.assertEqual(pickle.loads(pickle.dumps(named))._made_of[-1][-2], "x86-64-v2")

    def test_matchers_are_of_their_own_decoder_elsewhere(self):
        ret = [0xC0, 0x03, 0x5F, 0xD6]
        for isa, other, tokens in (
            ("x86-64", "arm64", [NEG, EAX, RET, END]), ("arm64", "x86-64", ret[:3]),
        ):
            first, taken, data = anew(pickled_matcher, isa, tokens)
            self.assertTrue(taken)
            second, there = anew(described_beside, other, data)
            self.assertEqual(first, second)
            self.assertEqual(there, describe(pickle.loads(data)))
            self.assertEqual(there[0], tokens)

    def test_every_kind_of_decoder_goes_and_comes(self):
        for kind in MAKERS:
            with self.subTest(kind):
                matcher = written_here(kind)
                came = self.elsewhere(written_here, kind)
                self.assertEqual(self.elsewhere(describe, matcher), describe(matcher))
                self.assertEqual(describe(came), describe(matcher))

    def test_every_protocol(self):
        matcher = made_here("tokens")
        self.assertTrue(matcher.accept_token(0))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            self.assertEqual(describe(pickle.loads(pickle.dumps(matcher, protocol))), describe(matcher))

    def test_what_is_shared_stays_shared(self):
        one = made_here("raw bytes")
        other = one.decoder.matcher()
        first, second, decoder = pickle.loads(pickle.dumps([one, other, one.decoder]))
        self.assertIs(first.decoder, decoder)
        self.assertIs(second.decoder, decoder)
        self.assertTrue(first.consume_tokens([NEG, EAX]))
        self.assertEqual((second.num_tokens, one.num_tokens), (0, 0))

    def test_tokens(self):
        decoder = decode.Decoder("x86-64", decode.Vocabulary.raw_bytes())
        matcher = decoder.matcher()
        self.assertEqual(matcher.tokens, [])
        matcher.consume_tokens([NEG, EAX, NEG])
        fork = matcher.fork()
        matcher.rollback()
        self.assertEqual((matcher.tokens, fork.tokens), ([NEG, EAX], [NEG, EAX, NEG]))
        self.assertFalse(matcher.accept_token(0x06))
        matcher.consume_tokens([RET, END])
        self.assertEqual(matcher.tokens, [NEG, EAX, RET, END])
        decode.batch_accept_tokens([fork], [EAX])
        self.assertEqual(fork.tokens, [NEG, EAX, NEG, EAX])
        long = [NEG, EAX] * 1000
        fork.reset()
        for size in (255, 1, 1, 743, 1000):
            fork.consume_tokens(long[fork.num_tokens :][:size])
            self.assertEqual(fork.tokens, long[: fork.num_tokens])

    def test_copies(self):
        verifier = binverify.Verifier(SPEC % "x")
        matcher = made_here("raw bytes")
        matcher.accept_token(NEG)
        for constant in (verifier, matcher.decoder, matcher.decoder.vocabulary):
            self.assertIs(copy.copy(constant), constant)
            self.assertIs(copy.deepcopy([constant])[0], constant)
        forks = [copy.copy(matcher), copy.deepcopy(matcher), matcher.fork(), matcher.deep_copy()]
        one, again = copy.deepcopy([matcher, matcher])
        self.assertIs(one, again)
        forks.append(one)
        for fork in forks:
            self.assertIs(fork.decoder, matcher.decoder)
            self.assertTrue(fork.accept_token(EAX))
            self.assertEqual((fork.tokens, matcher.tokens), ([NEG, EAX], [NEG]))
        del matcher
        gc.collect()
        self.assertEqual([fork.tokens for fork in forks], [[NEG, EAX]] * 5)

    def test_attributes_of_ones_own_go_along(self):
        verifier = Named(SPEC % "x")
        verifier.name = "same"
        kept = pickle.loads(pickle.dumps(verifier))
        self.assertEqual((type(kept), kept.name, verdicts(kept)), (Named, "same", [["proved", "refuted"]]))

    def test_a_constraint_that_is_changed_afterwards(self):
        matcher = made_here("from another")
        matcher.decoder.constraint["maximumInstructions"] = 7
        kept = pickle.loads(pickle.dumps(matcher))
        for each in (matcher, kept):
            self.assertEqual(each.validate_tokens([NEG, EAX]), 0)

    def test_what_was_closed_has_no_pickle(self):
        verifier = binverify.Verifier(SPEC % "x")
        verifier.close()
        with self.assertRaisesRegex(binverify.BinVerifyError, "^a Verifier that was closed has no pickle"):
            pickle.dumps(verifier)
        self.assertIs(copy.copy(verifier), verifier)
        matcher = made_here("raw bytes")
        for each in (matcher, matcher.decoder, matcher.decoder.vocabulary):
            each._finalizer()
            name = type(each).__name__
            with self.assertRaisesRegex(binverify.BinVerifyError, f"^a {name} that was closed"):
                pickle.dumps(each)
        for kind in (binverify.Verifier, decode.Vocabulary, decode.Decoder, decode.Matcher):
            with self.assertRaises(binverify.BinVerifyError):
                pickle.dumps(kind.__new__(kind))
        with self.assertRaises(binverify.BinVerifyError):
            copy.copy(matcher)

    def test_pickles_that_are_wrong(self):
        # Of versions that had only the number of the handle.
        for kind in (binverify.Verifier, decode.Vocabulary, decode.Decoder, decode.Matcher):
            with self.assertRaisesRegex(binverify.BinVerifyError, "an earlier version"):
                kind.__new__(kind).__setstate__({"_handle": 1 << 32})
        # What cannot be made is the error of the constructor.
        verifier, matcher = binverify.Verifier(SPEC % "x"), made_here("from another")
        self.check_remake(verifier, (None, "(", "x86-64", "x86-64", verifier._made_of[-1]),
                          binverify.SpecificationError, "^specification:")
        self.check_remake(verifier, (None, SPEC % "x", "z80", "z80", verifier._made_of[-1]),
                          binverify.BinVerifyError, "x86-64 or arm64")
        self.check_remake(matcher.decoder.vocabulary, ("tokens", [3], b"a", numpy.array([1], numpy.int32),
                          ("bytes", "any", "none", 0, False)), decode.DecoderError, "")
        self.check_remake(matcher.decoder, ('{"isa": "z80"}', matcher.decoder.vocabulary),
                          decode.DecoderError, "")
        state = {**matcher.__getstate__(), "tokens": [RET, NEG]}
        with self.assertRaisesRegex(decode.DecoderError, f"^token {NEG} of a pickled matcher is refused"):
            decode.Matcher.__new__(decode.Matcher).__setstate__(state)

    def check_remake(self, made, made_of, error, words):
        """A pickle with other arguments is this error."""
        kind = type(made)
        with self.assertRaisesRegex(error, words):
            kind.__new__(kind).__setstate__({**made.__getstate__(), "_made_of": made_of})

    def test_one_vocabulary_keeps_little(self):
        tokens = [b"%05x" % number for number in range(20_000)] + [None]
        vocabulary = decode.Vocabulary(tokens, [20_000], alphabet="hex")
        _, _, text, lengths, _ = vocabulary._made_of
        self.assertEqual((len(text), lengths.nbytes), (100_000, 80_004))
        text = TOKENIZER[:-1] + " " * 100_000 + "}"
        packed = decode.Vocabulary.from_tokenizer(text, ["<end>"])._made_of[2]
        self.assertLess(len(packed), 2_000)

    def test_results_and_banks(self):
        result = binverify.Verifier(SPEC % "x").verify(NEGATED)
        bank = binverify.CounterexampleBank().adding([result])
        self.assertEqual(pickle.loads(pickle.dumps((result, bank))), (result, bank))
        self.assertEqual(copy.deepcopy((result, bank)), (result, bank))


class Named(binverify.Verifier):
    """A verifier of somebody else's."""


class PackageTests(unittest.TestCase):
    def test_modules_are_there_when_they_are_asked_for(self):
        code = """if True:
            import sys, binverify
            assert "binverify.decode" not in sys.modules
            assert {"decode", "integrations", "Verifier"} <= set(dir(binverify))
            assert binverify.decode.Vocabulary.raw_bytes().size == 257
            assert binverify.integrations.__name__ == "binverify.integrations"
            assert binverify.decode is sys.modules["binverify.decode"]
            try:
                binverify.nothing
            except AttributeError as error:
                assert str(error) == "module 'binverify' has no attribute 'nothing'", error
            else:
                raise AssertionError
            """
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)

    def test_no_class_keeps_a_handle_of_its_own(self):
        # One that is not Handled would be copied and pickled as a number.
        package = pathlib.Path(binverify.__file__).parent
        keeps = re.compile(r"\._handle\b[^=\n]*=(?!=)")
        files = [path.name for path in package.rglob("*.py") if keeps.search(path.read_text())]
        self.assertEqual(files, ["_handles.py"])
        for kind in (binverify.Verifier, decode.Vocabulary, decode.Decoder, decode.Matcher):
            self.assertTrue(issubclass(kind, binverify.Handled))


if __name__ == "__main__":
    unittest.main()
