#!/usr/bin/env python3
"""Time of judging a candidate: wrong ones, right ones, ones that differ by an instruction.

    Benchmarks/candidates.py [--count N] [--tests N]

Needs `make library`. Prints, by kind of candidate, milliseconds of processor time of the worker and of wall-clock
time, the minimum over batches, with reports and without. To compare two versions, run it with
$BINVERIFY_LIBRARY naming each in turn; the rewards that it prints at the end have to be the same.
"""

import argparse
import glob
import hashlib
import os
import pathlib
import random
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("BINVERIFY_LIBRARY", str(ROOT / ".build/library/libbinverify.so"))
sys.path.insert(0, str(ROOT / "Python"))

import binverify  # noqa: E402

SPEC = (ROOT / "samples/abs32/abs32.smt").read_text()
SORT = (ROOT / "samples/sort3/sort3.smt").read_text()
RIGHT = bytes.fromhex("89f8f7d80f48c7c3")
POOL = [bytes.fromhex(text) for text in (
    "89f8", "f7d8", "0f48c7", "31c0", "01f8", "29f8", "99", "31d0", "29d0", "c1f81f", "8d0439", "0fafc7",
)]
LOOP = bytes.fromhex("31c0ffc04839f87cf9c3")
STACK = bytes.fromhex("5758c3")


def distinct(code, count):
    """That code after an instruction that does nothing, another one each time."""
    return [b"\xb9" + number.to_bytes(4, "little") + code for number in range(count)]


def children():
    """The processor time of this process's workers, in seconds."""
    total = 0
    tick = os.sysconf("SC_CLK_TCK")
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = pathlib.Path(path).read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            total += (int(fields[11]) + int(fields[12])) / tick
    return total


def random_codes(count, seed):
    chance = random.Random(seed)
    for _ in range(count):
        yield b"".join(chance.choice(POOL) for _ in range(chance.randint(3, 8))) + b"\xc3"


def mutants(count, seed):
    """Twelve instructions of which one is another each time."""
    chance = random.Random(seed)
    base = [chance.choice(POOL) for _ in range(12)]
    for _ in range(count):
        changed = list(base)
        changed[chance.randrange(12)] = chance.choice(POOL)
        yield b"".join(changed) + b"\xc3"


def registers(chance):
    """An instruction on two of eight registers, the stack pointer aside."""
    first, second = chance.choice((0, 1, 2, 3, 5, 6, 7)), chance.choice((0, 1, 2, 3, 5, 6, 7))
    kind = chance.randrange(6)
    if kind < 4:
        return bytes([chance.choice((0x01, 0x29, 0x31, 0x21, 0x09, 0x89)), 0xC0 | second << 3 | first])
    if kind == 4:
        return bytes([0xC1, 0xE0 | first, chance.randrange(32)])
    return bytes([0xF7, chance.choice((0xD0, 0xD8)) | first])


def memory(chance):
    """A load, a store, a comparison or a move of the three words at rdi."""
    first, second = chance.choice((0, 1, 2, 6)), chance.choice((0, 1, 2, 6))
    return chance.choice((
        bytes([0x8B, 0x47 | first << 3, chance.choice((0, 4, 8))]),
        bytes([0x89, 0x47 | first << 3, chance.choice((0, 4, 8))]),
        bytes([0x39, 0xC0 | second << 3 | first]),
        bytes([0x0F, 0x40 | chance.choice((12, 13, 14, 15)), 0xC0 | second << 3 | first]),
        bytes([0x89, 0xC0 | second << 3 | first]),
    ))


def long_codes(count, seed, instruction, begin=b""):
    """Codes of nineteen instructions and a return."""
    chance = random.Random(seed)
    rest = 19 - len(begin) // 3
    return [begin + b"".join(instruction(chance) for _ in range(rest)) + b"\xc3" for _ in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--tests", type=int, default=64)
    arguments = parser.parse_args()
    few = arguments.count // 8
    loads = bytes.fromhex("8b47008b4f048b5708")
    kinds = [
        ("not decodable", SPEC, distinct(b"\x0f\xff", arguments.count)),
        ("random, 3 to 8 instructions", SPEC, list(random_codes(arguments.count, 1))),
        ("one of 12 instructions changed", SPEC, list(mutants(arguments.count, 2))),
        ("random, 20 instructions", SPEC, long_codes(4 * arguments.count, 3, registers)),
        ("random, 20 with memory (sort3)", SORT, long_codes(4 * arguments.count, 4, memory, loads)),
        ("right", SPEC, distinct(RIGHT, few)),
        ("right, seen before", SPEC, distinct(RIGHT, few)),
        ("a loop, wrong", SPEC, distinct(LOOP, few)),
        ("the stack is used, wrong", SPEC, distinct(STACK, few)),
    ]
    rewards = hashlib.sha256()
    print(f"{'':32} {'CPU ms':>8} {'wall ms':>8}   verdicts")
    for reports in (True, False):
        print("with reports" if reports else "without reports")
        verifiers = {
            spec: binverify.Verifier(spec, tests=arguments.tests, reports=reports) for spec in (SPEC, SORT)
        }
        for name, spec, codes in kinds:
            measure(name, verifiers[spec], codes, rewards)
        for verifier in verifiers.values():
            verifier.close()
    print("verdicts and rewards:", rewards.hexdigest()[:16])


def measure(name, verifier, codes, rewards):
    """Prints what some candidates take, in four parts, the least of them."""
    verifier.verify(RIGHT)
    best = (float("inf"), float("inf"))
    part = max(1, len(codes) // 4)
    for start in range(0, len(codes), part):
        some = codes[start:start + part]
        cpu, wall = children(), time.perf_counter()
        results = verifier.verify_many(some, workers=1)
        wall = (time.perf_counter() - wall) / len(some) * 1e3
        cpu = (children() - cpu) / len(some) * 1e3
        best = min(best[0], cpu), min(best[1], wall)
        for result in results:
            rewards.update(f"{result.verdict} {result.reward!r};".encode())
    verdicts = {}
    for result in results:
        verdicts[result.verdict] = verdicts.get(result.verdict, 0) + 1
    told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    print(f"{name:32} {best[0]:8.3f} {best[1]:8.3f}   {told}")


if __name__ == "__main__":
    main()
