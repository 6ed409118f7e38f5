#!/usr/bin/env python3
"""A repository of many kernels for the gate: variants of the samples.

    Benchmarks/kernels.py BINVERIFY FOLDER [--count N]

Each kernel is the straight-line code of a proved sample with its temporary registers renamed and
independent neighbours exchanged, assembled anew by `binverify asm`. No two are the same bytes.
FOLDER gets the kernels, their specifications and a binverify.yml.
"""

import argparse
import json
import pathlib
import random
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent

X86 = {
    "rax": "rax eax ax al", "rcx": "rcx ecx cx cl", "rdx": "rdx edx dx dl",
    "rbx": "rbx ebx bx bl", "rsp": "rsp esp sp spl", "rbp": "rbp ebp bp bpl",
    "rsi": "rsi esi si sil", "rdi": "rdi edi di dil",
    **{f"r{n}": f"r{n} r{n}d r{n}w r{n}b" for n in range(8, 16)},
}
FAMILY = {name: (family, place) for family, names in X86.items()
          for place, name in enumerate(names.split())}
WORD = re.compile(r"\b[a-z][a-z0-9]*\b")


class Isa:
    """What has to be known of an instruction set to move and rename instructions."""

    def __init__(self, neutral, writers, free, word):
        self.neutral = set(neutral.split())  # neither read nor write flags
        self.writers = set(writers.split())  # write all of their first operand and do not read it
        self.free = free  # registers that code may use as it likes
        self.word = word  # from a word to its register's family and the place among its names

    def families(self, text):
        return {found[0] for found in map(self.word, WORD.findall(text)) if found}

    def renamed(self, text, names):
        def replace(match):
            found = self.word(match[0])
            if not found or found[0] not in names:
                return match[0]
            return self.name(names[found[0]], found[1])
        return WORD.sub(replace, text)


class X86Isa(Isa):
    def __init__(self):
        super().__init__("mov lea movzx movsx movsxd movabs", "mov lea movzx movsx movsxd movabs",
                         ["rcx", "rsi", "rdi", "r8", "r9", "r10", "r11"], FAMILY.get)

    def name(self, family, place):
        return X86[family].split()[place]

    def is_plain(self, text):
        return not re.search(r"\b(rip|cl|ah|bh|ch|dh|rep|mul|imul|div|idiv|cdq|cqo|cwd|xmm\d+)\b", text)


class ARM64Isa(Isa):
    def __init__(self):
        plain = ("mov movz add sub and orr eor lsl lsr asr ror ubfx sbfx uxtb uxth sxtb sxth sxtw mul "
                 "madd msub mvn neg rev rbit clz bic orn eon smulh umulh")
        super().__init__(plain, plain, [f"x{n}" for n in range(9, 18)], self.register)

    @staticmethod
    def register(word):
        if word in ("sp", "wsp"):
            return "sp", 0
        found = re.fullmatch(r"([wx])(\d+)", word)
        return (f"x{found[2]}", "xw".index(found[1])) if found else None

    def name(self, family, place):
        return "xw"[place] + family[1:]

    def is_plain(self, text):
        return not re.search(r"\b([vqdshb]\d+|adr|adrp|bl|blr)\b", text)


ISAS = {"x86-64": X86Isa(), "arm64": ARM64Isa()}
# The most variants of one sample.
VARIANTS = 10
BRANCH = re.compile(r"(j\w+|call|b|b\.\w+|bl|br|cbn?z|tbn?z|loop\w*)$")


def is_fit(isa, lines):
    """Whether the code is of a kind that can be rearranged without thinking."""
    is_straight = not any(BRANCH.match(line.split()[0]) for line in lines)
    return bool(lines) and is_straight and all(map(isa.is_plain, lines))


def samples(binverify, rng):
    """Proved straight-line functions: name, ISA, specification and lines of assembly."""
    entries = [entry for entry in json.loads((ROOT / "samples/manifest.json").read_text())["kernels"]
               if entry["expected"] == "proved" and "straightLine" in entry
               and entry["kernel"].endswith(".o")
               and ":kernel" in (ROOT / "samples" / entry["spec"]).read_text()]
    rng.shuffle(entries)
    for entry in entries:
        path = entry["kernel"]
        answer = json.loads(subprocess.run(
            [binverify, "disasm", f"{ROOT}/samples/{path}:{entry['symbol']}", "--json"],
            check=True, capture_output=True, text=True).stdout)
        lines = [instruction["text"] for instruction in answer["instructions"]]
        if is_fit(ISAS[entry["isa"]], lines):
            yield pathlib.Path(path).stem, entry["isa"], entry["spec"], lines


def temporaries(isa, lines):
    """The registers whose first mention is an instruction that writes all of them."""
    seen, found = set(), []
    for line in lines:
        mnemonic, _, operands = line.partition(" ")
        first, _, rest = operands.partition(",")
        target = isa.word(first.strip())
        if (target and target[0] in isa.free and target[0] not in seen and target[1] < 2
                and mnemonic in isa.writers and target[0] not in isa.families(rest)):
            found.append(target[0])
        seen |= isa.families(line)
    return found


def variant(isa, lines, rng):
    """The lines with temporaries renamed and independent neighbours exchanged."""
    used = set().union(*map(isa.families, lines))
    sources = temporaries(isa, lines)
    targets = [family for family in isa.free if family not in used] + sources
    rng.shuffle(targets)
    lines = [isa.renamed(line, dict(zip(sources, targets))) for line in lines]
    for _ in range(2 * len(lines)):
        place = rng.randrange(len(lines))
        pair = lines[place:place + 2]
        if len(pair) == 2 and is_independent(isa, *pair):
            lines[place:place + 2] = reversed(pair)
    return lines


def is_independent(isa, first, second):
    names = [line.split()[0] for line in (first, second)]
    if any(name in ("ret", "push", "pop", "leave", "nop") for name in names):
        return False
    return ("[" not in first or "[" not in second) and any(name in isa.neutral for name in names) \
        and not isa.families(first) & isa.families(second)


def assemble(binverify, isa, lines, path):
    done = subprocess.run([binverify, "asm", "-", "--isa", isa, "--output", path],
                          input="\n".join(lines) + "\n", capture_output=True, text=True)
    return done.returncode == 0


def generate(binverify, folder, count):
    """Writes `count` kernels and their manifest."""
    folder = pathlib.Path(folder)
    (folder / "kernels").mkdir(parents=True)
    rng = random.Random(5)
    seen, entries = set(), []
    for name, isa, specification, lines in samples(binverify, rng):
        seen.add(tuple(lines))
        for _ in range(2 * VARIANTS):
            changed = tuple(variant(ISAS[isa], lines, rng))
            if changed in seen or sum(entry[0] == name for entry in entries) == VARIANTS:
                continue
            seen.add(changed)
            path = folder / "kernels" / f"{name}.{len(entries)}.bin"
            if len(entries) < count and assemble(binverify, isa, changed, path):
                shutil.copy(ROOT / "samples" / specification, folder)
                entries.append((name, path.name, isa, pathlib.Path(specification).name))
        if len(entries) == count:
            break
    else:
        raise SystemExit(f"only {len(entries)} different kernels could be made")
    text = "version: 1\nkernels:\n" + "".join(
        f"  - {{code: kernels/{file}, isa: {isa}, specification: {specification}}}\n"
        for _, file, isa, specification in entries)
    (folder / "binverify.yml").write_text(text)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binverify")
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    generate(arguments.binverify, arguments.folder, arguments.count)


if __name__ == "__main__":
    main()
