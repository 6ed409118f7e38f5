#!/usr/bin/env python3
"""Whole-process time of `binverify prove` on the samples, against the z3 binary doing nothing.

    Benchmarks/prove.py [--runs N] [--all] [BINARY]

Prints a table: the verdict, the minimum and median wall-clock time in milliseconds, and the ratio
of the median to that of `z3 --version` measured in turn with it, which is what starting a process
with that solver costs at least. Straight-line samples only, unless --all is given.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
VERDICTS = {0: "proved", 1: "refuted", 3: "inconclusive", 4: "unsupported"}


def timed(command):
    """The exit status and the wall-clock milliseconds of one run."""
    start = time.perf_counter()
    status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    return status, (time.perf_counter() - start) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary", nargs="?", default=str(ROOT / ".build/release/binverify"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--all", action="store_true", help="kernels with loops as well")
    options = parser.parse_args()
    kernels = json.loads((ROOT / "samples/manifest.json").read_text())["kernels"]
    chosen = [k for k in kernels if options.all or k.get("straightLine")]

    start_up = [timed([options.binary, "--version"])[1] for _ in range(options.runs * 4)]
    print(f"start-up (--version): median {statistics.median(start_up):.1f} ms of {len(start_up)} runs\n")
    print(f"{'kernel':58} {'verdict':12} {'min ms':>8} {'median':>8} {'/ z3':>6}")
    slow, wrong = 0, 0
    for kernel in chosen:
        code = f"{ROOT}/samples/{kernel['kernel']}"
        if kernel.get("symbol") and code.endswith(".o"):
            code += ":" + kernel["symbol"]
        command = [options.binary, "prove", code, f"{ROOT}/samples/{kernel['spec']}"]
        if not kernel["kernel"].endswith(".o"):
            command += ["--isa", kernel["isa"]]
        times, floor = [], []
        for _ in range(options.runs):
            status, milliseconds = timed(command)
            times.append(milliseconds)
            floor.append(timed(["z3", "--version"])[1])
        median = statistics.median(times)
        verdict = VERDICTS.get(status, f"status {status}")
        slow += median >= 50
        wrong += verdict != kernel["expected"]
        mark = "" if verdict == kernel["expected"] else f"  expected {kernel['expected']}"
        print(
            f"{kernel['kernel']:58} {verdict:12} {min(times):8.1f} {median:8.1f}"
            f" {median / statistics.median(floor):6.1f}{mark}"
        )
    print(f"\n{len(chosen)} kernels, {slow} at 50 ms or more, {wrong} with another verdict than expected")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
