#!/usr/bin/env python3
"""Time of decoding an instruction with its operands, against LLVM, Capstone and Zydis.

    Benchmarks/decode.py [--runs N] [--arm64-library FILE] [X86_LIBRARY]

The instructions are those of the .text of a library (libcrypto of this system, and of Debian's arm64
package, which is downloaded and unpacked) that a linear sweep by LLVM finds and that our tables have;
all decoders get the same offsets, in turn, in the same run. Prints the minimum of the runs in
nanoseconds of processor time and the ratio of ours to each. Needs llvm-dev, libcapstone-dev and perhaps libzydis-dev.
"""

import argparse
import pathlib
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = ROOT / ".build/release/DecodeBenchmark"


def text(path):
    """The contents of an ELF file's .text."""
    data = pathlib.Path(path).read_bytes()
    (offset,) = struct.unpack_from("<Q", data, 40)
    size, count, names = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQ", data, offset + size * i) for i in range(count)]
    base = headers[names][4]
    for name, _, _, _, start, length in headers:
        if data[base + name :].startswith(b".text\0"):
            return data[start : start + length]
    raise SystemExit(f"{path} has no .text")


def library(isa, folder):
    """The path of this system's libcrypto, or of one in a package of another architecture."""
    if isa == "x86-64":
        return next(pathlib.Path("/usr/lib/x86_64-linux-gnu").glob("libcrypto.so.*"))
    subprocess.run(["dpkg", "--add-architecture", "arm64"], check=True)
    download = ["apt-get", "-q", "download", "libssl3:arm64"]
    if subprocess.run(download, cwd=folder, capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "-q", "update"], check=True)
        subprocess.run(download, cwd=folder, check=True)
    package = next(pathlib.Path(folder).glob("libssl3*.deb"))
    subprocess.run(["dpkg", "-x", package, folder], check=True)
    return next(pathlib.Path(folder).glob("**/libcrypto.so.*"))


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def build(folder):
    """Builds our program and that of the others; returns the path of the latter."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "DecodeBenchmark"], cwd=ROOT, check=True)
    config = next(
        (p for p in pathlib.Path("/usr/bin").glob("llvm-config*")), "llvm-config")
    flags = output(config, "--cxxflags", "--ldflags").split()
    peers = f"{folder}/peers"
    zydis = ["-lZydis"] if pathlib.Path("/usr/include/Zydis/Zydis.h").exists() else []
    libraries = ["-lcapstone", *zydis, *output(config, "--libs", "--link-shared").split()]
    source = str(ROOT / "Benchmarks/Decode/peers.cpp")
    subprocess.run(["c++", "-O2", *flags, source, "-o", peers, *libraries], check=True)
    return peers


def packed(offsets, path):
    pathlib.Path(path).write_bytes(b"".join(struct.pack("<I", int(o)) for o in offsets))
    return path


def measure(isa, path, peers, folder, runs):
    code = f"{folder}/{isa}.text"
    pathlib.Path(code).write_bytes(text(path))
    swept = output(peers, "sweep", isa, code).split()
    offsets = packed(swept, f"{folder}/{isa}.offsets")
    known = output(OURS, "filter", isa, code, offsets).split()
    offsets = packed(known, f"{folder}/{isa}.known")
    best, failures = {}, {}
    for _ in range(runs):
        lines = ["ours " + output(OURS, "time", isa, code, offsets).split()[0] + " 0"]
        lines += output(peers, "time", isa, code, offsets).splitlines()
        for name, nanoseconds, failed in map(str.split, lines):
            best[name] = min(best.get(name, 1e9), float(nanoseconds))
            failures[name] = int(failed)
    print(f"\n{isa}: {pathlib.Path(path).name}, {len(known)} of {len(swept)} instructions\n")
    print(f"{'decoder':10} {'ns':>8} {'ours /':>8} {'failures':>9}")
    for name, nanoseconds in best.items():
        ratio = best["ours"] / nanoseconds
        print(f"{name:10} {nanoseconds:8.1f} {ratio:8.2f} {failures[name]:9}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("library", nargs="?")
    parser.add_argument("--arm64-library")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peers = build(folder)
        for isa, given in [("x86-64", options.library), ("arm64", options.arm64_library)]:
            measure(isa, given or library(isa, folder), peers, folder, options.runs)


if __name__ == "__main__":
    main()
