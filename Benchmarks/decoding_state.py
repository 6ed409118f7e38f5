#!/usr/bin/env python3
"""Time of masks that follow the machine's state.

    Benchmarks/decoding_state.py [--isa ISA] [--visits N] [--seconds S]

Needs `make library`. Constraints that specifications of `samples/` give, and one of defined reads, forward
branches and budgets without a specification, each with 128,000 and 32,000 tokens: pieces of machine code as
hexadecimal text (whole bytes or not), a byte-level BPE of them, and raw bytes. Random programs are
followed, each token drawn evenly from those that the mask allows; the first few fill the tables.

First visits are masks of places that were not seen before; warm ones are those of the same places again. All
are microseconds of processor time of one thread by ctypes, the time of the clock subtracted, and warm ones
also in batches by the C interface alone. `other` is the time of making the decoders of the three specifications
from the one that was measured (median, after each was made once), and the longest of the first 40 masks of the
same constraint's decoder made so. `masks wrong` compares masks with `accept`, token by token.
"""

import argparse
import collections
import os
import pathlib
import random
import statistics
import sys
import time

import decoding

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLOCK = time.thread_time_ns
#: No code is longer.
LONGEST = 24


def raw_pieces(count):
    """The commonest runs of one to eight bytes of machine code."""
    counts = collections.Counter()
    for line in decoding.corpus()[::2]:
        data = bytes.fromhex(line)
        for length in range(1, 9):
            for start in range(len(data) - length + 1):
                counts[data[start:start + length]] += 1
    chosen = {bytes([byte]) for byte in range(256)} | {text for text, _ in counts.most_common(count)}
    return sorted(chosen, key=lambda text: (len(text), text))[:count - 1] + [None]


def vocabularies():
    lines = decoding.corpus()
    yield "digits, 128,000 pieces", "hex", decoding.pieces(lines, 128_000)
    yield "digits, BPE of 32,000", "hex", decoding.bpe(lines, 32_000)
    yield "bytes, 128,000 pieces", "bytes", raw_pieces(128_000)
    yield "bytes, 32,000 pieces", "bytes", raw_pieces(32_000)


def constraints(decode, isa):
    for name in ("sort2", "sum", "copy32"):
        text = (ROOT / "samples" / name / f"{name}.smt").read_text()
        yield f"{name}.smt", {**decode.constraint(text, isa), "maximumInstructions": LONGEST}
    registers = ["rdi", "rsi", "rdx"] if isa == "x86-64" else ["x0", "x1", "x2"]
    yield "defined reads, forward", {
        "isa": isa, "onlyDefinedReads": True, "branches": "forward", "maximumInstructions": LONGEST,
        "maximumBytes": 160, "definedAtEntry": [{"register": name, "width": 64} for name in registers],
        "results": [{"register": "rax" if isa == "x86-64" else "x0", "width": 32}],
    }


class Walk:
    """Random programs of a decoder, and what their masks cost."""

    def __init__(self, decode, decoder, cost, end):
        import numpy

        self.numpy, self.decode, self.decoder, self.cost, self.end = numpy, decode, decoder, cost, end
        self.words = decoder.vocabulary.mask_words
        self.row = numpy.zeros(self.words, numpy.int32)
        self.fill = decode._functions.binverify_matcher_fill
        self.chance = random.Random(7)
        self.seen = set()

    def timed(self, matcher):
        start = CLOCK()
        self.fill(matcher._handle, self.row.ctypes.data, self.words)
        return max(0, CLOCK() - start - self.cost) / 1e3

    def allowed(self):
        bits = self.numpy.unpackbits(self.row.view(self.numpy.uint8), bitorder="little")
        bits[self.end:] = 0
        return self.numpy.flatnonzero(bits)

    def programs(self, visits, seconds):
        """Times of first visits, of the tokens between them, and the paths."""
        times, accepts, paths = [], [], []
        stop = time.monotonic() + seconds
        while len(times) < visits and time.monotonic() < stop:
            matcher, path = self.decoder.matcher(), []
            while len(times) < visits and time.monotonic() < stop:
                cost = self.timed(matcher)
                place = tuple(path)
                if place not in self.seen:
                    self.seen.add(place)
                    times.append(cost)
                choice = self.allowed()
                if len(choice) == 0:
                    break
                token = int(self.chance.choice(choice))
                start = CLOCK()
                taken = matcher.accept_token(token)
                accepts.append(max(0, CLOCK() - start - self.cost) / 1e3)
                assert taken, "the mask allowed a token that was refused"
                path.append(token)
            paths.append(path)
        return times, accepts, paths

    def again(self, paths):
        times = []
        for path in paths:
            matcher = self.decoder.matcher()
            for token in path:
                times.append(self.timed(matcher))
                matcher.accept_token(token)
        return times

    def batched(self, paths):
        matchers = []
        for path in paths:
            matcher = self.decoder.matcher()
            for token in path:
                matchers.append(matcher.fork())
                matcher.accept_token(token)
        matchers = matchers[:512]
        count = len(matchers)
        rows = self.numpy.zeros((count, self.words), self.numpy.int32)
        handles = self.decode._handles(matchers)
        fill = self.decode._functions.binverify_matcher_fill_batch
        best = float("inf")
        for _ in range(8):
            start = CLOCK()
            fill(handles, count, None, rows.ctypes.data, count, self.words, self.words, 1)
            best = min(best, (CLOCK() - start) / count / 1e3)
        return best

    def wrong(self, paths, places):
        """How many masks differ from `accept`, of how many: all allowed tokens and some others."""
        count = wrong = 0
        for path in paths[-places:]:
            matcher = self.decoder.matcher()
            for token in path[:self.chance.randrange(len(path) + 1)]:
                matcher.accept_token(token)
            self.timed(matcher)
            allowed = set(self.allowed().tolist())
            some = self.chance.sample(sorted(allowed), min(len(allowed), 300))
            others = self.chance.sample(range(self.end), 300)
            count += 1
            wrong += any(matcher.fork().accept_token(t) != (t in allowed) for t in some + others)
        return f"{wrong} of {count}"


def made_from(decode, walk, constraint, others, seconds):
    """Milliseconds to make a decoder of another specification from one, and of its longest first mask."""
    times = []
    for turn in range(4):
        for other in others:
            start = CLOCK()
            walk.decoder.with_constraint(other)
            if turn:
                times.append((CLOCK() - start) / 1e6)
    fresh = Walk(decode, walk.decoder.with_constraint(constraint), walk.cost, walk.end)
    first, _, _ = fresh.programs(40, seconds)
    return statistics.median(times), max(first) / 1e3


def measure(decode, name, constraint, others, title, alphabet, tokens, arguments, cost):
    options = {"alphabet": "hex", "digits": "lower"} if alphabet == "hex" else {}
    vocabulary = decode.Vocabulary(tokens, [len(tokens) - 1], **options)
    start = CLOCK()
    decoder = decode.Decoder(constraint, vocabulary)
    compile_ms = (CLOCK() - start) / 1e6
    walk = Walk(decode, decoder, cost, len(tokens) - 1)
    start = CLOCK()
    first, _, _ = walk.programs(40, arguments.seconds)
    filling = (CLOCK() - start) / 1e9
    times, accepts, paths = walk.programs(arguments.visits, arguments.seconds)
    warm = walk.again(paths[-8:])
    other, its_first = made_from(decode, walk, constraint, others, arguments.seconds)
    ordered = sorted(times)
    print(f"  {name:24} {title:24} {compile_ms:8.0f} {max(first) / 1e3:9.1f} {filling:8.1f} "
          f"{statistics.median(times):10.1f} {ordered[int(len(ordered) * .99)]:10.1f} "
          f"{statistics.median(warm):8.1f} {walk.batched(paths[-8:]):8.2f} {statistics.median(accepts):8.1f} "
          f"{decoder.memory / 2**20:7.1f} {other:7.2f} {its_first:9.1f}   {walk.wrong(paths, 8)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--isa", choices=decoding.ISAS, help="only this one")
    parser.add_argument("--visits", type=int, default=400, help="first visits to time")
    parser.add_argument("--seconds", type=float, default=20, help="no longer for each part")
    parser.add_argument("--only", default="", help="only constraints and vocabularies whose names have this")
    arguments = parser.parse_args()
    decoding.environment()
    os.environ.setdefault("BINVERIFY_LIBRARY", str(decoding.LIBRARY))
    sys.path.insert(0, str(ROOT / "Python"))
    from binverify import decode

    cost = decoding.clock_cost()
    known = list(vocabularies())
    for isa in [arguments.isa] if arguments.isa else decoding.ISAS:
        print(f"\n{isa}\n  {'constraint':24} {'tokens':24} {'compile':>8} {'first':>9} {'40':>8} {'first us':>10} "
              f"{'p99':>10} {'warm':>8} {'batches':>8} {'accept':>8} {'MiB':>7} {'other':>7} {'its first':>9}   masks wrong")
        print(f"  {'':24} {'':24} {'ms':>8} {'mask, ms':>9} {'take s':>8} {'':58} {'ms':>7} {'mask, ms':>9}")
        all_constraints = list(constraints(decode, isa))
        others = [constraint for name, constraint in all_constraints if name.endswith(".smt")]
        for name, constraint in all_constraints:
            for title, alphabet, tokens in known:
                if arguments.only in f"{name}, {title}":
                    measure(decode, name, constraint, others, title, alphabet, tokens, arguments, cost)


if __name__ == "__main__":
    main()
