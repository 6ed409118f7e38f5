#!/usr/bin/env python3
"""Remakes the samples' objects from their sources.

    samples/build.py            builds every kernel that manifest.json lists
    samples/build.py NAME ...   only the samples of these names
    samples/build.py --check    builds elsewhere and says which committed files differ

A file's name says how it is made. NAME.ISA.VARIANT.o comes from
    VARIANT gcc-O2, clang-O0 ...   NAME.c with that compiler and level
    VARIANT hand                   NAME.ISA.s
    VARIANT anything else          VARIANT.ISA.s, or VARIANT.c with gcc -O2
and NAME.bin (raw bytes) and NAME.hex (hex text) hold the code of NAME.ISA.hand.o.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

GCC = {"x86-64": "gcc", "arm64": "aarch64-linux-gnu-gcc"}
OBJCOPY = {"x86-64": "objcopy", "arm64": "aarch64-linux-gnu-objcopy"}


def clang():
    """The clang to use: $CLANG, else the one beside swift, else the first on the path."""
    swift = shutil.which("swift")
    beside = os.path.join(os.path.dirname(os.path.realpath(swift)), "clang") if swift else ""
    return os.environ.get("CLANG") or (beside if os.path.exists(beside) else "clang")


# General registers only, so that the code stays in the scalar core of both ISAs ...
MACHINE = {
    "x86-64": ["-march=x86-64", "-fcf-protection=none"],
    "arm64": ["-march=armv8-a", "-mbranch-protection=none"],
}
SCALAR = ["-mgeneral-regs-only"]
# ... but for these samples, which are about vector instructions.
VECTOR = {"addsat8", "aesround", "base64", "crc32c", "hmax8", "mulround16", "pack16", "prefixxor",
          "sad16", "sort4v", "transpose4"}
VECTOR_MACHINE = {
    "x86-64": ["-march=x86-64", "-msse4.2", "-maes", "-mpclmul", "-fcf-protection=none"],
    "arm64": ["-march=armv8-a+crc+crypto", "-mbranch-protection=none"],
}
COMMON = ["-std=c17", "-fpie", "-fno-ident", "-fno-stack-protector",
          "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-Wall", "-Werror"]
GCC_C = ["-g1", "-fno-tree-vectorize", "-Wno-array-bounds", "-Wno-stringop-overflow"]
CLANG_C = ["-fno-vectorize", "-fno-slp-vectorize", "-fno-addrsig"]


class BuildError(Exception):
    """A source is missing, or a compiler said no."""


def command(name, isa, variant, folder, output):
    """The compiler's command line for one object; runs in the sample's folder."""
    here = f"-ffile-prefix-map={folder}=."
    compiler, _, level = variant.partition("-O")
    machine = MACHINE[isa] + SCALAR
    if os.path.basename(folder) in VECTOR:
        machine = VECTOR_MACHINE[isa]
    if compiler == "clang":
        target = {"x86-64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[isa]
        return [clang(), f"--target={target}", "-O" + level, *COMMON, *CLANG_C, *machine,
                "-c", f"{name}.c", "-o", output]
    if compiler == "gcc":
        return [GCC[isa], "-O" + level, *COMMON, *GCC_C, *machine, here,
                "-c", f"{name}.c", "-o", output]
    source = name if variant == "hand" else variant
    if os.path.exists(os.path.join(folder, f"{source}.{isa}.s")):
        return [GCC[isa], machine[0], "-g1", here, "-c", f"{source}.{isa}.s", "-o", output]
    return command(source, isa, "gcc-O2", folder, output)


def run(arguments, folder):
    """Runs one tool in a folder, with its own locale and no clock."""
    environment = dict(os.environ, LC_ALL="C", SOURCE_DATE_EPOCH="0", PWD=folder)
    try:
        done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True)
    except OSError as error:
        raise BuildError(f"{arguments[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise BuildError(f"{' '.join(arguments)}\n{done.stderr}")


def section(path, wanted):
    """The bytes of one section of a 64-bit little-endian ELF object."""
    with open(path, "rb") as file:
        data = file.read()
    start, = struct.unpack_from("<Q", data, 40)
    size, count, names = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQ", data, start + size * i) for i in range(count)]
    strings = headers[names][4]
    for header in headers:
        begin = strings + header[0]
        if data[begin:data.index(b"\0", begin)] == wanted.encode():
            return data[header[4]:header[4] + header[5]]
    raise BuildError(f"{path}: no section {wanted}")


def make(path, isa, target):
    """Makes the kernel file of one manifest entry at the path `target`."""
    folder = os.path.join(HERE, os.path.dirname(path))
    file = os.path.basename(path)
    if file.endswith(".o"):
        name, built_for, variant = file[:-2].split(".")
        if built_for != isa:
            raise BuildError(f"{path}: the manifest says {isa}")
        run(command(name, isa, variant, folder, target), folder)
        run([OBJCOPY[isa], "-R", ".comment", "-R", ".note.GNU-stack", target], folder)
        return
    name, kind = file.split(".")
    make(f"{os.path.dirname(path)}/{name}.{isa}.hand.o", isa, target + ".o")
    code = section(target + ".o", ".text")
    os.remove(target + ".o")
    with open(target, "wb") as output:
        output.write(code if kind == "bin" else hex_text(code))


def hex_text(code):
    """Code as lines of up to sixteen bytes."""
    lines = [code[i:i + 16].hex(" ") + "\n" for i in range(0, len(code), 16)]
    return "".join(lines).encode()


def same(one, other):
    """Whether two files exist and hold the same bytes."""
    if not os.path.exists(one):
        return False
    with open(one, "rb") as a, open(other, "rb") as b:
        return a.read() == b.read()


def main(arguments):
    """Builds or checks; 0 when all is well, 1 when a file differs, 2 when a build fails."""
    check = "--check" in arguments
    names = [a for a in arguments if not a.startswith("-")]
    with open(os.path.join(HERE, "manifest.json"), encoding="utf-8") as file:
        kernels = json.load(file)["kernels"]
    wanted = {k["kernel"]: k["isa"] for k in kernels
              if not names or k["kernel"].split("/")[0] in names}
    different = 0
    with tempfile.TemporaryDirectory() as scratch:
        for path, isa in sorted(wanted.items()):
            target = os.path.join(scratch, "made") if check else os.path.join(HERE, path)
            make(path, isa, target)
            if check and not same(os.path.join(HERE, path), target):
                print(f"differs: {path}")
                different += 1
    print(f"{len(wanted)} kernels" + (f", {different} differ" if check else ""))
    return 1 if different else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        sys.exit(2)
