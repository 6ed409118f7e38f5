#!/usr/bin/env python3
"""Time of masks for code, against xgrammar and llguidance, in the same run.

    Benchmarks/decoding.py [--steps N] [--isa ISA] [--skip-natural]

Needs `make library` and the program InstructionAutomaton. The first run makes an environment with the
peers in .build/decoding-benchmark. All engines get the same language (A64 instructions of 50 mnemonics,
or x86-64's of 38 with all redundant prefixes, ending in a return, as lower-case hexadecimal text; all
instructions of both ISAs are measured without peers), the same vocabularies (128,000 pieces of hexadecimal
code, and a byte-level BPE of 32,000 that is trained here) and the same random code to follow.

The language is given to xgrammar and llguidance as their users would write it (a rule for each place
inside an instruction) and, to xgrammar, as a minimised automaton of whole programs (a rule for each
state). Times are microseconds of processor time of one thread, the time of the clock subtracted; those
of the C interface come from batches, so that ctypes is left out, and for all instructions from a program
in C (Masks/masks.c, which needs a C compiler). A mask is called wrong where it differs from the
automaton, token by token.
"""

import argparse
import collections
import ctypes
import json
import os
import pathlib
import random
import re
import statistics
import struct
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".build/decoding-benchmark"
PACKAGES = ["numpy", "torch==2.13.0", "transformers==5.24.0", "xgrammar==0.2.8", "llguidance==1.9.1",
            "tokenizers"]
AUTOMATON = ROOT / ".build/release/InstructionAutomaton"
LIBRARY = ROOT / ".build/library/libbinverify.so"
#: What is compared: integer code without memory, and for x86-64 with it and all its redundant prefixes.
MNEMONICS = {"arm64": """add adds sub subs and ands orr eor bic bics orn eon madd msub umull smull udiv sdiv clz cls
    rbit rev rev16 csel csinc csinv csneg ccmp ccmn movz movn movk ubfm sbfm bfm extr adc adcs sbc sbcs
    lslv lsrv asrv rorv ret""".split(), "x86-64": """add adc sub sbb and or xor cmp test mov movzx movsx lea inc
    dec neg not shl shr sar rol ror imul mul push pop cmove cmovne sete setne nop ret""".split()}
ISAS = ["arm64", "x86-64"]
DIGITS = b"0123456789abcdef"


def environment():
    """Goes on in the environment of the peers, which is made if need be."""
    python = ENVIRONMENT / "bin/python"
    if pathlib.Path(sys.prefix).resolve() == ENVIRONMENT.resolve() or os.environ.get("DECODING_HERE"):
        return
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        # xgrammar's triton is for graphics processors, and large.
        subprocess.run([str(python), "-m", "pip", "install", "-q", "apache-tvm-ffi", "pydantic",
                        *[name for name in PACKAGES if "xgrammar" not in name]], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--no-deps",
                        *[name for name in PACKAGES if "xgrammar" in name]], check=True)
    os.execv(str(python), [str(python), *sys.argv])


# The language


def places(isa):
    """The automaton of one instruction over digits, which is minimal: by node the target of each."""
    start, *lines = subprocess.run(
        [str(AUTOMATON), isa, *MNEMONICS[isa]], check=True, capture_output=True, text=True
    ).stdout.split("\n")
    table = collections.defaultdict(lambda: [None] * 16)
    for line in filter(None, lines):
        node, digit, target = line.split()
        table[int(node)][int(digit, 16)] = target if target in ("end", "ret") else int(target)
    return dict(table), int(start)


class Automaton:
    """Whole programs: states over digits, minimised, with those where code may end."""

    def __init__(self, isa):
        self.rows, start = places(isa)
        self.start_of_instruction = start
        # Between instructions: after one that may not be last, and after a return.
        states = {"open": self.rows[start], "closed": self.rows[start], **self.rows}
        target = {"end": "open", "ret": "closed", start: "open"}
        edges = {
            name: [None if t is None else target.get(t, t) for t in row]
            for name, row in states.items()
        }
        kinds = {name: int(name == "closed") for name in edges}
        while True:
            signatures = {
                name: (kinds[name], tuple(None if t is None else kinds[t] for t in row))
                for name, row in edges.items()
            }
            numbers = {s: n for n, s in enumerate(dict.fromkeys(signatures.values()))}
            new = {name: numbers[s] for name, s in signatures.items()}
            if len(set(new.values())) == len(set(kinds.values())):
                break
            kinds = new
        self.table = {}
        for name, row in edges.items():
            self.table[kinds[name]] = [None if t is None else kinds[t] for t in row]
        self.start, self.end = kinds["open"], kinds["closed"]

    def walk(self, state, text):
        """Where text leads; None if nowhere."""
        for unit in text:
            digit = DIGITS.find(unit)
            state = None if digit < 0 else self.table[state][digit]
            if state is None:
                return None
        return state


def choices(row, name):
    """An EBNF alternative for each target of a row: the digits that lead there, and its rule."""
    by_target = collections.defaultdict(str)
    for digit, target in zip(DIGITS.decode(), row):
        if target is not None:
            by_target[target] += digit
    for target, digits in by_target.items():
        yield f"[{digits}]" + ("" if target in ("end", "ret") else f" {name}{target}"), target


def natural_ebnf(automaton):
    """A rule for each place inside an instruction, twice: of any instruction and of returns."""
    lines = [f"root ::= (a{automaton.start_of_instruction})* r{automaton.start_of_instruction}"]
    returning = {}

    def returns(place):
        if place not in returning:
            returning[place] = any(
                t == "ret" or t not in (None, "end") and returns(t)
                for t in automaton.rows[place]
            )
        return returning[place]

    for place, row in automaton.rows.items():
        lines.append(f"a{place} ::= " + " | ".join(text for text, _ in choices(row, "a")))
        if returns(place):
            kept = [t if t == "ret" or t not in (None, "end") and returns(t) else None for t in row]
            lines.append(f"r{place} ::= " + " | ".join(text for text, _ in choices(kept, "r")))
    return "\n".join(lines)


def automaton_ebnf(automaton):
    """A rule for each state of the minimised automaton."""
    lines = [f"root ::= s{automaton.start}"]
    for state, row in automaton.table.items():
        ends = ['""'] if state == automaton.end else []
        lines.append(f"s{state} ::= " + " | ".join(ends + [t for t, _ in choices(row, "s")]))
    return "\n".join(lines)


def lark(automaton):
    """The natural grammar in llguidance's words: all of it one terminal."""
    first, *lines = natural_ebnf(automaton).split("\n")
    lines = ["PROGRAM ::=" + first.removeprefix("root ::="), *lines]
    text = "\n".join(line.replace("[", "/[").replace("]", "]/") for line in lines)
    text = re.sub(r"\b([ar])(\d+)\b", lambda m: m[1].upper() + m[2], text)
    return "start: PROGRAM\n" + text.replace(" ::=", ":")


# Vocabularies


def corpus():
    """Machine code as lines of hexadecimal text."""
    for name in ("libcrypto.so.3", "libstdc++.so.6", "libz3.so.4"):
        for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"):
            path = pathlib.Path(folder, name)
            if path.exists():
                data = path.read_bytes()
                half = len(data) // 2
                return [data[i:i + 24].hex() for i in range(half, half + 900_000, 24)]
    raise SystemExit("no library was found to take machine code from")


def pieces(lines, count):
    """The commonest pieces of hexadecimal code, whole bytes or not."""
    counts = collections.Counter()
    for line in lines[::2]:
        for length in range(1, 11):
            for start in range(0, len(line) - length, 1 if length < 5 else 3):
                counts[line[start:start + length]] += 1
    chosen = set(DIGITS.decode()) | {text for text, _ in counts.most_common(count)}
    return [text.encode() for text in sorted(chosen, key=lambda t: (len(t), t))[:count - 1]] + [None]


def bpe(lines, count):
    """A byte-level BPE trained on hexadecimal code."""
    import tokenizers

    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.train_from_iterator(
        lines, tokenizers.trainers.BpeTrainer(
            vocab_size=count - 1, show_progress=False,
            initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        )
    )
    inverse = {}
    for name, number in made.get_vocab().items():
        inverse[number] = name
    plain = {c: b for b, c in byte_characters().items()}
    return [
        bytes(plain[c] for c in inverse[number]) for number in range(len(inverse))
    ] + [None]


def byte_characters():
    """The character of each byte in byte-level BPE."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + n) for n, b in enumerate(others)}}


# Measuring

CLOCK = time.thread_time_ns


def clock_cost():
    costs = []
    for _ in range(2000):
        start = CLOCK()
        costs.append(CLOCK() - start)
    return statistics.median(costs)


class Ours:
    """The C interface, by ctypes."""

    def __init__(self, isa, tokens, **parts):
        from binverify import decode

        self.decode = decode
        self.vocabulary = decode.Vocabulary(tokens, [len(tokens) - 1], alphabet="hex", digits="lower")
        start = CLOCK()
        self.decoder = decode.Decoder(isa, self.vocabulary, **parts)
        self.compile_ms = (CLOCK() - start) / 1e6
        self.words = self.vocabulary.mask_words

    def follow(self, paths):
        import numpy

        fill = self.decode._functions.binverify_matcher_fill
        row = numpy.zeros(self.words, numpy.int32)
        times, masks = [], []
        for path in paths:
            matcher = self.decoder.matcher()
            for token in path:
                start = CLOCK()
                fill(matcher._handle, row.ctypes.data, self.words)
                times.append(CLOCK() - start)
                masks.append(row.copy())
                matcher.accept_token(token)
        return times, masks

    def batched(self, paths, steps, seconds=1.0):
        """Microseconds a row for matchers that stand along the paths, all seen before."""
        import numpy

        matchers = []
        for path in paths:
            matcher = self.decoder.matcher()
            for token in path[:-1]:
                matcher.accept_token(token)
                matchers.append(matcher.fork())
        matchers = matchers[:steps]
        count = len(matchers)
        rows = numpy.zeros((count, self.words), numpy.int32)
        handles = self.decode._handles(matchers)
        fill = self.decode._functions.binverify_matcher_fill_batch
        best = float("inf")
        end = time.monotonic() + seconds
        while time.monotonic() < end or best == float("inf"):
            start = CLOCK()
            fill(handles, count, None, rows.ctypes.data, count, self.words, self.words, 1)
            best = min(best, (CLOCK() - start) / count / 1e3)
        return best

    def stepping(self, paths):
        """Tokens a second: masks and tokens of as many matchers as there are paths, in batches."""
        import numpy

        matchers = [self.decoder.matcher() for _ in paths]
        count, length = len(paths), min(map(len, paths))
        rows = numpy.zeros((count, self.words), numpy.int32)
        handles = self.decode._handles(matchers)
        fill = self.decode._functions.binverify_matcher_fill_batch
        accept = self.decode._functions.binverify_matcher_accept_batch
        columns = [(ctypes.c_uint32 * count)(*[path[i] for path in paths]) for i in range(length)]
        taken = (ctypes.c_uint8 * count)()
        best = 0
        for _ in range(3):
            for matcher in matchers:
                matcher.reset()
            start = CLOCK()
            for column in columns:
                fill(handles, count, None, rows.ctypes.data, count, self.words, self.words, 1)
                accept(handles, count, column, taken)
            best = max(best, count * length / ((CLOCK() - start) / 1e9))
        return best


class XGrammar:
    """A grammar in xgrammar."""

    def __init__(self, tokens, grammar):
        import xgrammar

        self.module = xgrammar
        names = [b"" if token is None else token for token in tokens]
        information = xgrammar.TokenizerInfo(
            names, vocab_size=len(tokens), stop_token_ids=[len(tokens) - 1]
        )
        compiler = xgrammar.GrammarCompiler(information, max_threads=1, cache_enabled=False)
        start = time.process_time_ns()
        self.compiled = compiler.compile_grammar(grammar)
        self.compile_ms = (time.process_time_ns() - start) / 1e6
        self.mask = xgrammar.allocate_token_bitmask(1, len(tokens))

    def follow(self, paths):
        times, masks = [], []
        for path in paths:
            matcher = self.module.GrammarMatcher(self.compiled, max_rollback_tokens=1)
            for token in path:
                start = CLOCK()
                matcher.fill_next_token_bitmask(self.mask)
                times.append(CLOCK() - start)
                masks.append(self.mask[0].numpy().copy())
                if not matcher.accept_token(token):
                    break
        return times, masks


class LLGuidance:
    """A grammar in llguidance."""

    def __init__(self, tokens, grammar):
        import llguidance
        import numpy

        class Tokenizer:
            eos_token_id = len(tokens) - 1
            bos_token_id = None
            special_token_ids = [len(tokens) - 1]

            def __init__(self):
                self.tokens = [b"<|end|>" if token is None else token for token in tokens]
                self.single = {t[0]: n for n, t in enumerate(self.tokens) if len(t) == 1}

            def __call__(self, text):
                units = text.encode() if isinstance(text, str) else text
                return [self.single[unit] for unit in units if unit in self.single]

        self.module = llguidance
        tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(Tokenizer()))
        self.tokenizer = tokenizer
        start = time.process_time_ns()
        self.root = llguidance.LLMatcher(tokenizer, llguidance.LLMatcher.grammar_from_lark(grammar))
        self.compile_ms = (time.process_time_ns() - start) / 1e6
        if self.root.get_error():
            raise RuntimeError(self.root.get_error())
        self.mask = numpy.zeros((1, (len(tokens) + 31) // 32), numpy.int32)

    def follow(self, paths):
        from llguidance.numpy import fill_next_token_bitmask

        times, masks = [], []
        for path in paths:
            matcher = self.root.deep_copy()
            for token in path:
                start = CLOCK()
                fill_next_token_bitmask(matcher, self.mask)
                times.append(CLOCK() - start)
                masks.append(self.mask[0].copy())
                if not matcher.consume_token(token):
                    break
        return times, masks


def programs(automaton, tokens, count, length, seed):
    """Random paths: each token drawn evenly from some that may follow."""
    chance = random.Random(seed)
    texts = [(number, text) for number, text in enumerate(tokens) if text]
    for _ in range(count):
        state, path = automaton.start, []
        while len(path) < length:
            number, text = chance.choice(texts)
            reached = automaton.walk(state, text)
            if reached is not None:
                path.append(number)
                state = reached
        yield path


def expected_mask(automaton, tokens, state):
    """The mask of a state, token by token."""
    import numpy

    bits = numpy.zeros((len(tokens) + 31) // 32 * 32, numpy.uint8)
    for number, text in enumerate(tokens):
        bits[number] = bool(text) and automaton.walk(state, text) is not None
    bits[len(tokens) - 1] = state == automaton.end
    return numpy.packbits(bits, bitorder="little").view(numpy.int32)


def wrong(automaton, tokens, paths, masks, known):
    """How many of the masks differ from the automaton, of how many."""
    count, index = 0, 0
    for path in paths:
        state = automaton.start
        for token in path:
            if index >= len(masks):
                break
            if state not in known:
                known[state] = expected_mask(automaton, tokens, state)
            count += bool((masks[index] != known[state]).any())
            index += 1
            state = automaton.walk(state, tokens[token])
    return f"{count} of {len(masks)}"


def report(name, engine, paths, automaton, tokens, known, cost, steps=None):
    used = paths if steps is None else [path[:steps] for path in paths[:2]]
    times, masks = engine.follow(used)
    cold = [max(0, t - cost) / 1e3 for t in times]
    times, _ = engine.follow(used)
    warm = [max(0, t - cost) / 1e3 for t in times]
    p99 = sorted(cold)[int(len(cold) * 0.99)]
    median = statistics.median(warm)
    print(f"  {name:34} {engine.compile_ms:12.1f} {median:11.2f} {p99:16.1f}   "
          f"{wrong(automaton, tokens, used, masks, known)}", flush=True)
    return median


def compare(isa, title, tokens, arguments, cost):
    automaton = Automaton(isa)
    paths = list(programs(automaton, tokens, 8, arguments.steps, 1))
    print(f"\n{isa}, {title}: {len(tokens)} tokens, {len(automaton.table)} states")
    print(f"  {'':34} {'compile ms':>12} {'median us':>11} {'p99 us, cold':>16}   wrong masks")
    known = {}
    ours = Ours(isa, tokens, allowed_mnemonics=MNEMONICS[isa])
    report("binverify, calls by ctypes", ours, paths, automaton, tokens, known, cost)
    batched = ours.batched(paths, 512)
    print(f"  {'binverify, C interface in batches':34} {'':12} {batched:11.2f}")
    peers = [
        ("xgrammar, minimised automaton", lambda: XGrammar(tokens, automaton_ebnf(automaton)), None),
        ("llguidance, natural grammar", lambda: LLGuidance(tokens, lark(automaton)), 60),
        ("xgrammar, natural grammar", lambda: XGrammar(tokens, natural_ebnf(automaton)), 20),
    ]
    for name, make, steps in peers:
        if "natural" in name and arguments.skip_natural:
            continue
        try:
            median = report(name, make(), paths, automaton, tokens, known, cost, steps)
            print(f"  {'':34} {median / batched:.0f} times ours")
        except Exception as error:
            print(f"  {name}: {str(error).splitlines()[0][:90]}")
    print(f"  fill and accept, batches of 8: {ours.stepping(paths) / 1e6:.2f} M tokens a second; "
          f"tables and masks: {ours.decoder.memory / 2**20:.1f} MiB")


def in_c(isa, tokens):
    """What Masks/masks.c finds for all of an ISA's instructions."""
    program, library = ENVIRONMENT / "masks", pathlib.Path(os.environ["BINVERIFY_LIBRARY"])
    subprocess.run(["cc", "-O2", "-I", str(ROOT / "Sources/CBinVerifyABI/include"), "-o", str(program),
                    str(ROOT / "Benchmarks/Masks/masks.c"), str(library)], check=True)
    vocabulary = ENVIRONMENT / "vocabulary"
    lengths = [-1 if token is None else len(token) for token in tokens]
    vocabulary.write_bytes(struct.pack(f"<I{len(tokens)}i", len(tokens), *lengths)
                           + b"".join(token or b"" for token in tokens))
    found = subprocess.run([str(program), isa, str(vocabulary)], check=True, capture_output=True,
                           env={**os.environ, "LD_LIBRARY_PATH": str(library.parent)})
    return json.loads(found.stdout)


def whole_table(isa, title, tokens, cost):
    """All of an ISA's instructions, without a peer: what the design's targets are about."""
    import numpy

    ours = Ours(isa, tokens)
    again = []
    for budget in range(100, 120):
        start = CLOCK()
        ours.decoder.with_constraint(maximum_instructions=budget)
        again.append((CLOCK() - start) / 1e3)
    chance = random.Random(2)
    end = len(tokens) - 1
    matcher = ours.decoder.matcher()
    row = numpy.zeros((1, ours.words), numpy.int32)
    times = []
    while len(times) < 4000:
        start = CLOCK()
        matcher.fill_next_token_bitmask(row)
        times.append(max(0, CLOCK() - start - cost) / 1e3)
        bits = numpy.unpackbits(row[0].view(numpy.uint8), bitorder="little")
        bits[end:] = 0
        matcher.accept_token(int(chance.choice(numpy.flatnonzero(bits))))
    p99 = sorted(times)[int(len(times) * .99)]
    found = in_c(isa, tokens)
    median, p90, p95, last, most = found["first_us"]
    print(f"\n{isa}, all instructions, {title}: compile {found['compile_ms']:.0f} ms, "
          f"with another budget {statistics.median(again):.0f} us, {found['memory_mib']:.1f} MiB\n"
          f"  first visits by C {median:.1f} us at the median, {p90:.1f} at p90, {p95:.1f} at p95, "
          f"{last:.1f} at p99, {most:.0f} at most; by ctypes {statistics.median(times):.1f} and {p99:.1f} at p99\n"
          f"  late tokens {found['late_by_early']:.2f} times early ones; in batches {found['batched_us']:.2f} us, "
          f"fill and accept {found['fill_accept']:.2f} M tokens a second, accept {found['accept']:.2f}",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=150, help="tokens of each of the 8 programs")
    parser.add_argument("--isa", choices=ISAS, help="only this one")
    parser.add_argument("--skip-natural", action="store_true")
    arguments = parser.parse_args()
    environment()
    os.environ.setdefault("BINVERIFY_LIBRARY", str(LIBRARY))
    sys.path.insert(0, str(ROOT / "Python"))
    lines = corpus()
    vocabularies = [
        ("pieces of hexadecimal code", pieces(lines, 128_000)), ("BPE", bpe(lines, 32_000)),
    ]
    cost = clock_cost()
    for isa in [arguments.isa] if arguments.isa else ISAS:
        for title, tokens in vocabularies:
            compare(isa, title, tokens, arguments, cost)
            whole_table(isa, title, tokens, cost)


if __name__ == "__main__":
    main()
