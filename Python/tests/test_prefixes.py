"""The places of hosts that only say what was written so far."""

import copy
import operator
import pickle
import random
import unittest

import numpy

from binverify import decode
from binverify.integrations._prefixes import PrefixMatchers

NOP, RET, END = 0x90, 0xC3, 256


class Counted:
    """A matcher, or a decoder, that counts what is asked of it and of its forks."""

    def __init__(self, inner, counts):
        self.inner = inner
        self.counts = counts

    def count(self, name, number=1):
        self.counts[name] = self.counts.get(name, 0) + number

    def matcher(self):
        self.count("starts")
        return Counted(self.inner.matcher(), self.counts)

    def fork(self):
        self.count("forks")
        return Counted(self.inner.fork(), self.counts)

    def rollback(self, number):
        self.count("taken back", number)
        self.inner.rollback(number)

    def try_consume_tokens(self, tokens):
        self.count("tokens", len(tokens))
        return self.inner.try_consume_tokens(tokens)


class Interrupted(Counted):
    """A decoder whose matchers are interrupted in a call once they took two tokens."""

    def matcher(self):
        return Interrupted(self.inner.matcher(), self.counts)

    def try_consume_tokens(self, tokens):
        if "armed" in self.counts:
            del self.counts["armed"]
            self.inner.try_consume_tokens(tokens[:2])
            raise KeyboardInterrupt
        return self.inner.try_consume_tokens(tokens)


class PrefixTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.decoder = decode.Decoder("x86-64", decode.Vocabulary.raw_bytes(), maximum_instructions=40)

    def check(self, rows, found, decoder=None):
        """The matchers are those that a new one is after the tokens of a row."""
        self.assertEqual(len(rows), len(found))
        masks = decode.allocate_token_bitmask(2, 257)
        for row, matcher in zip(rows, found):
            tokens = [operator.index(token) for token in row]
            expected = (decoder or self.decoder).matcher()
            if not expected.consume_tokens(tokens):
                self.assertIsNone(matcher)
                continue
            self.assertEqual(matcher.tokens, tokens)
            matcher.fill_next_token_bitmask(masks, 0)
            expected.fill_next_token_bitmask(masks, 1)
            self.assertEqual(masks[0].tolist(), masks[1].tolist())

    def grow(self, row, chance):
        """A row with some tokens more: mostly accepted ones, at times the end, or any."""
        matcher = self.decoder.matcher()
        taken = matcher.try_consume_tokens(row)
        for _ in range(chance.choice([1, 1, 1, 1, 2, 7])):
            token = chance.choice([NOP, NOP, 0xF7, 0xD8, 0x48, chance.randrange(257)])
            if chance.random() < 0.03:
                token = RET
            row = row + [token]
            if taken == len(row) - 1 and not matcher.accept_token(token) and chance.random() < 0.9:
                row[-1] = chance.choice(matcher.compute_ff_tokens() or [NOP])
                matcher.accept_token(row[-1])
            taken = matcher.num_tokens
        return row

    def test_at_random(self):
        # Beams, drafts that are taken back, rows of several lengths, new ones, the same ones again.
        for seed in range(12):
            chance = random.Random(seed)
            known = PrefixMatchers(self.decoder, limit=chance.choice([1, 3, 64]))
            rows = [[] for _ in range(chance.choice([1, 2, 5]))]
            for _ in range(60):
                parents = [chance.choice(rows) if chance.random() < 0.4 else row for row in rows]
                rows = [self.grow(row, chance) for row in parents]
                kind = chance.random()
                if kind < 0.15:
                    rows = [row[: max(0, len(row) - chance.randrange(12))] for row in rows]
                elif kind < 0.2:
                    rows[chance.randrange(len(rows))] = []
                elif kind < 0.25:
                    chance.shuffle(rows)
                form = chance.choice([list, tuple, numpy.int64, numpy.int32])
                given = [
                    numpy.array(row, form) if isinstance(form(), numpy.integer) else form(row)
                    for row in rows
                ]
                for _ in range(chance.choice([1, 1, 2])):
                    self.check(rows, known.after_each(given))
                if chance.random() < 0.2:
                    row = chance.choice(rows)
                    self.check([row], [known.after(row)])
                self.assertLessEqual(len(known._known), max(known._limit, len(rows)))

    def steps(self, rows, decoder=None):
        """What is asked of the decoder and its matchers by calls with these batches."""
        counts = {}
        known = PrefixMatchers(Counted(decoder or self.decoder, counts))
        for batch in rows:
            known.after_each(batch)
        return counts

    def long(self, count):
        return decode.Decoder("x86-64", decode.Vocabulary.raw_bytes()), [NOP] * count

    def test_going_on_takes_one_token(self):
        decoder, row = self.long(300)
        for form in (list, numpy.array):
            counts = self.steps([[form(row[:size])] for size in range(1, 301)], decoder)
            self.assertEqual(counts, {"starts": 1, "tokens": 300})
            # So do the rows of a batch that begin alike and part later.
            batches = [[form(row[:size] + [last] * (size // 9)) for last in (1, 2, 3)] for size in range(8)]
            counts = self.steps(batches, decoder)
            self.assertEqual(counts, {"starts": 3, "tokens": 21})

    def test_beams_are_forked_where_they_part(self):
        decoder, row = self.long(40)
        batches = [
            [row], [row + [NOP], row + [0xF8]],
            # One goes on twice, the other is given up.
            [row + [0xF8, NOP], row + [0xF8, 0xF8]],
            # They change places.
            [row + [0xF8, 0xF8, NOP], row + [0xF8, NOP, NOP]],
        ]
        self.assertEqual(
            self.steps(batches, decoder), {"starts": 1, "forks": 2, "tokens": 40 + 2 + 2 + 2}
        )

    def test_rows_that_end_alike_change_places(self):
        decoder, row = self.long(100)
        known = PrefixMatchers(decoder)
        rows = [[first, *row] for first in (NOP, 0xF8, 0xF9)]
        self.check(rows, known.after_each(rows), decoder)
        # They are found by their ends and compared, not looked for among all.
        known._nearest = None
        for _ in range(3):
            rows = [[*row, NOP] for row in rows[1:] + rows[:1]]
            self.check(rows, known.after_each(rows), decoder)

    def test_drafts_are_taken_back_in_place(self):
        decoder, row = self.long(200)
        batches = []
        for size in range(100, 150):
            batches += [[row[:size] + [0xF8] * more] for more in range(5)]
        counts = self.steps(batches, decoder)
        self.assertEqual(counts["starts"], 1)
        self.assertNotIn("forks", counts)
        self.assertLess(counts["tokens"], 100 + 50 * 6)
        # A long way back a place is kept.
        counts = self.steps([[row], [row[:50]], [row + [NOP]]], decoder)
        self.assertEqual(counts, {"starts": 1, "forks": 1, "taken back": 150, "tokens": 201})

    def test_what_is_refused_stays_refused(self):
        self.assertEqual(
            self.steps([[[NOP, 0x06, *[NOP] * more]] for more in range(20)]), {"starts": 1, "tokens": 2}
        )

    def test_interrupted_calls_leave_nothing_wrong(self):
        counts = {}
        decoder = Interrupted(self.decoder, counts)
        known = PrefixMatchers(decoder)
        row = [NOP, 0xF7, 0xD8, NOP, NOP]
        known.after(row[:1])
        counts["armed"] = True
        with self.assertRaises(KeyboardInterrupt):
            known.after(row[:4])
        for size in (4, 5, 2):
            matcher = known.after(row[:size])
            self.check([row[:size]], [matcher.inner])

    def test_an_interrupted_list_is_converted_again(self):
        class Slow:
            """A token that is interrupted once."""

            is_ready = False

            def __eq__(self, other):
                return other == NOP

            def __index__(self):
                if not self.is_ready:
                    self.is_ready = True
                    raise KeyboardInterrupt
                return NOP

        known = PrefixMatchers(self.decoder)
        known.after([0xF7])
        row = [0xF7, Slow()]
        with self.assertRaises(KeyboardInterrupt):
            known.after(row)
        for row in (row, [0xF7, 0xD8], [0xF7, 0xD8, NOP]):
            self.check([row], [known.after(row)])

    def test_copies_know_nothing_and_find_all(self):
        decoder, row = self.long(5000)
        known = PrefixMatchers(decoder, limit=7)
        known.after(row)
        for copied in (copy.copy(known), copy.deepcopy(known), pickle.loads(pickle.dumps(known))):
            self.assertEqual((len(copied._known), copied._limit), (0, 7))
            self.assertEqual(copied.after(row).num_tokens, 5000)
        known.clear()
        self.assertEqual(len(known._known), 0)
        self.assertEqual(known.after(row[:3]).num_tokens, 3)

    def test_what_is_no_token(self):
        known = PrefixMatchers(self.decoder)
        for wrong in ([0.5], numpy.array([144.0]), ["a"]):
            with self.assertRaises(TypeError):
                known.after(wrong)
        self.assertIsNone(known.after([-1]))
        self.assertIsNone(known.after(numpy.array([300])))
        self.assertEqual(known.after([NOP]).num_tokens, 1)


if __name__ == "__main__":
    unittest.main()
