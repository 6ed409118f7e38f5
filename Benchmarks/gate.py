#!/usr/bin/env python3
"""The gate over 200 kernels: cold, warm, locked and after a changed byte.

    Benchmarks/gate.py [BINVERIFY] [--count N] [--runs N] [--no-peer]

The kernels are variants of the samples (kernels.py). Checks what each run has to say and fails if it
does not; prints the minimum of the runs in seconds of wall clock and of processor time, and how many
times faster than cold it is. The peer is `binverify prove`, once for each kernel.
"""

import argparse
import json
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time

import kernels

WARM_RUNS = 5
ROOT = pathlib.Path(__file__).resolve().parent.parent


def timed(work):
    """What `work` returns, its seconds and those of the processors."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    result = work()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return result, (wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


class Repository:
    def __init__(self, binverify, folder, count):
        self.binverify, self.folder, self.count = str(pathlib.Path(binverify).resolve()), folder, count
        kernels.generate(self.binverify, folder, count)

    def gate(self, *arguments):
        """The report, and what it took to make it; reading it here is not part of that."""
        done, times = timed(lambda: subprocess.run(
            [self.binverify, "gate", "--cache", "cache", "--json", *arguments],
            cwd=self.folder, capture_output=True))
        return json.loads(done.stdout), times

    def expect(self, report, proved, cached):
        """Fails unless so many kernels were proved, and so many found in the cache."""
        found = report["summary"]["proved"], sum(k["cached"] for k in report["kernels"])
        if found != (proved, cached):
            bad = [f"{k['name']}: {k.get('reason')}" for k in report["kernels"]
                   if k["verdict"] != "proved"]
            raise SystemExit(f"{found} proved and cached, not {(proved, cached)}\n" + "\n".join(bad))

    def cold(self):
        for name in ("cache", "proofs"):
            shutil.rmtree(pathlib.Path(self.folder) / name, ignore_errors=True)
        return self.gate()

    def prove_each(self):
        for kernel in self.gate()[0]["kernels"]:
            subprocess.run([self.binverify, "prove", kernel["code"], kernel["against"], "--isa",
                            kernel["isa"], "-q"], cwd=self.folder, capture_output=True, check=True)

    def change_a_byte(self):
        """Flips a bit in the middle of one kernel; what it was."""
        path = next((pathlib.Path(self.folder) / "kernels").iterdir())
        old = path.read_bytes()
        path.write_bytes(bytes(b ^ (i == len(old) // 2) for i, b in enumerate(old)))
        return path, old


def measure(repository):
    """The times of one round, by what was done."""
    count, times = repository.count, {}
    report, times["cold"] = repository.cold()
    repository.expect(report, count, 0)
    # Milliseconds: one run of them says little.
    warm = [repository.gate() for _ in range(WARM_RUNS)]
    for report, _ in warm:
        repository.expect(report, count, count)
    times["warm"] = tuple(min(taken[i] for _, taken in warm) for i in (0, 1))
    report, times["locked"] = repository.gate("--locked")
    repository.expect(report, count, 0)
    path, old = repository.change_a_byte()
    report, times["one changed byte"] = repository.gate()
    fresh = [kernel for kernel in report["kernels"] if not kernel["cached"]]
    if len(fresh) != 1 or fresh[0]["name"] != path.stem:
        raise SystemExit(f"after a change of {path.stem}: {[k['name'] for k in fresh]} anew")
    path.write_bytes(old)
    return times


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binverify", nargs="?", default=ROOT / ".build/release/binverify")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-peer", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(arguments.binverify, folder, arguments.count)
        rounds = [measure(repository) for _ in range(arguments.runs)]
        best = {name: tuple(min(r[name][i] for r in rounds) for i in (0, 1)) for name in rounds[0]}
        if not arguments.no_peer:
            _, best["prove, each"] = timed(repository.prove_each)
    print(f"{arguments.count} kernels, minimum of {arguments.runs}\n")
    print(f"{'':18}{'wall':>10}{'processor':>12}{'faster than cold':>18}")
    for name, (wall, processor) in best.items():
        print(f"{name:18}{wall:8.3f} s{processor:10.3f} s{best['cold'][0] / wall:16.1f} x")


if __name__ == "__main__":
    main()
