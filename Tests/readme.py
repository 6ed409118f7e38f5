#!/usr/bin/env python3
"""Runs the commands that a Markdown file shows and compares what they write.

    Tests/readme.py README.md [BINARY]

Each fenced block marked `console` holds commands after `$ ` and their expected output; a line of
`...` in it stands for any number of lines. Times (12 ms, 3.4 s) may be any. A block marked with a
language and a file name (```smt abs.smt) is written to that file first. Everything happens in a
scratch folder that has the samples and `binverify`. Fails on the first difference of each block.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIME = re.compile(r"\b[0-9.]+ m?s\b")


def blocks(text):
    """The fenced blocks: the words after the fence, and the lines."""
    inside, words, lines = False, [], []
    for line in text.splitlines():
        if line.startswith("```"):
            if inside:
                yield words, lines
            inside, words, lines = not inside, line[3:].split(), []
        elif inside:
            lines.append(line)


def commands(lines):
    """The commands of a console block, each with its expected lines."""
    result = []
    for line in lines:
        if line.startswith("$ "):
            result.append((line[2:], []))
        elif result and result[-1][0].endswith("\\"):
            result[-1] = (result[-1][0][:-1] + line.strip(), [])
        elif result:
            result[-1][1].append(line)
    return result


def matches(expected, found):
    """Whether the lines are the same but for times and `...`."""
    pattern = []
    for line in expected:
        if line.strip() == "...":
            pattern.append(r"(?:[^\n]*\n)*?")
        else:
            pattern.append(re.escape(TIME.sub("TIME", line).rstrip()) + r"\n")
    text = "".join(TIME.sub("TIME", line).rstrip() + "\n" for line in found)
    return re.fullmatch("".join(pattern), text) is not None


def main():
    document = pathlib.Path(sys.argv[1]).resolve()
    root = document.parent
    binary = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ".build/release/binverify").resolve()
    failures = count = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "bin").mkdir()
        (folder / "bin/binverify").symlink_to(binary)
        shutil.copytree(root / "samples", folder / "samples")
        environment = dict(os.environ, PATH=f"{folder / 'bin'}:{os.environ['PATH']}")
        for words, lines in blocks(document.read_text()):
            if len(words) == 2:
                (folder / words[1]).write_text("\n".join(lines) + "\n")
            if words[:1] != ["console"]:
                continue
            for command, expected in commands(lines):
                if command.startswith(("make ", "git ")):
                    continue
                count += 1
                run = subprocess.run(
                    command, shell=True, cwd=folder, env=environment, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                found = run.stdout.splitlines()
                if not matches(expected, found):
                    failures += 1
                    print(f"$ {command}\nexpected:", *expected, "found:", *found, sep="\n")
    print(f"{document.name}: {count} commands, {failures} differ")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
