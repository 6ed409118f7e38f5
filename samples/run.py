#!/usr/bin/env python3
"""Runs the samples on real machines against their specifications, to check what manifest.json expects.

    samples/run.py [--tests N] [NAME ...]

Independent of binverify: it reads the specifications with an evaluator of its own, runs x86-64 code on
this host and ARM64 code under qemu-aarch64, on corner values and random inputs, with garbage in every
register that is no argument, and tries guard pages behind the buffers and buffers that overlap. A proved
kernel must pass every test; a refuted one must fail some test by the obligation that the manifest names.
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

from build import BuildError, GCC, HERE, OBJCOPY, run, section
from run_spec import Interface, Specification

ARENA = 512
TOP = 0x20001000
BASE = TOP - ARENA
REGISTERS = {
    "x86-64": "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split(),
    "arm64": [f"x{i}" for i in range(31)] + ["sp"],
}
SAVED = {
    "x86-64": [3, 4, 5, 12, 13, 14, 15],
    "arm64": list(range(19, 30)) + [31],
}
ARGUMENTS = {"x86-64": [7, 6, 2, 1, 8, 9], "arm64": list(range(8))}
RESULTS = {"x86-64": [0, 2], "arm64": [0, 1]}
# Registers that the calling program uses itself.
UNSEEN = {"x86-64": [], "arm64": [16, 17, 30]}
RECORD = 32 * 8 + ARENA


def corner(width, random_bits):
    """One value of a width: a corner, or bits of random density."""
    choice = random_bits.randrange(8)
    top = 1 << (width - 1)
    if choice < 4:
        return random_bits.choice([0, 1, 2, 3, top - 1, top, top + 1, 2 * top - 1, 2 * top - 2, 10]) % (2 * top)
    if choice == 4:
        return (1 << random_bits.randrange(width)) - random_bits.randrange(2)
    if choice == 5:
        return random_bits.randrange(min(2 * top, 12))
    value = random_bits.getrandbits(width)
    if choice == 6:
        value &= random_bits.getrandbits(width)
    return value


class Input:
    """One state at entry: scalars, the buffers' addresses, the arena's bytes."""

    def __init__(self, interface, bits):
        self.scalars, self.addresses = {}, {}
        pool = {}
        extreme = bits.randrange(4) == 0
        for name, width in interface.scalars:
            values = pool.setdefault(width, [])
            repeat = values and bits.randrange(4) == 0
            value = bits.choice(values) if repeat else corner(width, bits)
            if extreme:
                value = bits.choice([0, 1, (1 << width - 1) - 1, 1 << width - 1, (1 << width) - 1])
            if any(b.length == name for b in interface.buffers):
                value = bits.randrange(9)
            values.append(value)
            self.scalars[name] = value
        self.memory = bytearray(bits.getrandbits(8) for _ in range(ARENA))
        self.place(interface.buffers, bits)
        for buffer in interface.buffers:
            self.fill(buffer, interface.buffers, bits)

    def size(self, buffer):
        """The buffer's size in bytes for this input's scalars."""
        length = self.scalars[buffer.length] if isinstance(buffer.length, str) else buffer.length
        return length * buffer.width // 8

    def place(self, buffers, bits):
        """Chooses addresses: apart, at the guard page, or overlapping where that is allowed."""
        end = TOP - bits.choice([0, 0, 0, 4])
        for buffer in bits.sample(buffers, len(buffers)):
            size = self.size(buffer)
            if bits.randrange(2) and not any(b.restrict for b in buffers) and self.addresses:
                other = bits.choice(list(self.addresses.values()))
                address = other + bits.choice([0, 8, -8, bits.randrange(-size - 1, size + 1)])
                self.addresses[buffer.name] = min(max(address, BASE), TOP - size)
            else:
                end -= size
                self.addresses[buffer.name] = end
                end -= bits.choice([8, 16, 33])

    def fill(self, buffer, buffers, bits):
        """Fills one of the buffers with corners and repeated values."""
        size, step = self.size(buffer), buffer.width // 8
        start = self.addresses[buffer.name] - BASE
        few = [corner(buffer.width, bits) for _ in range(2)]
        mode = bits.randrange(3)
        for offset in range(start, start + size, step):
            value = bits.choice(few) if mode else corner(buffer.width, bits)
            self.memory[offset:offset + step] = value.to_bytes(step, "little")
        others = [b for b in buffers if b.name != buffer.name]
        if len(others) == 1 and self.apart() and bits.randrange(2):
            shared = min(size, self.size(others[0]))
            self.resemble(start, shared, self.addresses[others[0].name] - BASE, bits)

    def resemble(self, start, size, other, bits):
        """Makes the buffer at `other` equal to the one at `start`, or all but one bit of it."""
        self.memory[other:other + size] = self.memory[start:start + size]
        if size and bits.randrange(2):
            self.memory[other + bits.randrange(size)] ^= 1 << bits.randrange(8)

    def apart(self):
        """Whether the two buffers' addresses are far from each other."""
        one, two = self.addresses.values()
        return abs(one - two) >= 32

    def contents(self, buffer, memory):
        """The buffer's elements in a memory image."""
        start, step = self.addresses[buffer.name] - BASE, buffer.width // 8
        return [int.from_bytes(memory[o:o + step], "little")
                for o in range(start, start + self.size(buffer), step)]

    def environment(self, interface):
        """The specification's constants at entry."""
        values = dict(self.scalars)
        for buffer in interface.buffers:
            values[buffer.name] = self.contents(buffer, self.memory)
            values[buffer.name + ".addr"] = self.addresses[buffer.name]
        return values

    def registers(self, interface, isa, bits):
        """All registers: the arguments with garbage above them, garbage elsewhere."""
        values = [bits.getrandbits(64) for _ in range(32)]
        slots = list(ARGUMENTS[isa])
        for name, width in interface.order:
            value = self.addresses[name] if name in self.addresses else self.scalars[name]
            if interface.bindings:
                slots.insert(0, interface.register(name, REGISTERS[isa]))
            value |= bits.getrandbits(128) << width
            values[slots.pop(0)] = value & (1 << 64) - 1
            if width == 128:
                values[slots.pop(0)] = value >> 64 & (1 << 64) - 1
        return values


def judge(spec, interface, isa, case, before, answer, other):
    """The first obligation that one run breaks, or None."""
    status, after, memory = answer
    if status:
        return {8: "faults", 4: "faults", 7: "faults", 14: "termination"}.get(status, "memory")
    writable = set()
    for buffer in interface.buffers:
        if not buffer.const:
            start = case.addresses[buffer.name] - BASE
            writable.update(range(start, start + case.size(buffer)))
    if any(memory[i] != case.memory[i] for i in range(ARENA) if i not in writable):
        return "memory"
    saved = SAVED[isa]
    if interface.bindings:
        free = interface.free(REGISTERS[isa])
        saved = [i for i in range(len(REGISTERS[isa])) if i not in free and i not in UNSEEN[isa]]
    if any(after[i] != before[i] for i in saved if i != saved_stack(isa)):
        return "abi"
    if after[saved_stack(isa)] != 0:
        return "abi"
    values = case.environment(interface)
    outputs = observe(interface, isa, case, after, memory)
    if not spec.holds("ensures", {**values, **outputs}):
        return "ensures"
    if other is not None and outputs != observe(interface, isa, case, other[1], other[2]):
        return "independence"
    return None


def saved_stack(isa):
    """The index of the stack pointer, whose slot holds the difference at return."""
    return REGISTERS[isa].index("rsp" if isa == "x86-64" else "sp")


def observe(interface, isa, case, after, memory):
    """The specification's constants at return."""
    outputs = {b.name + ".out": case.contents(b, memory) for b in interface.buffers}
    if interface.result:
        low, high = (after[i] for i in RESULTS[isa])
        outputs["result"] = (high << 64 | low) & (1 << interface.result) - 1
    for name, width in interface.outputs:
        outputs[name] = after[interface.register(name, REGISTERS[isa])] & (1 << width) - 1
    return outputs


class Machine:
    """All kernels of one ISA linked into one program, and a pipe to it."""

    def __init__(self, isa, kernels, scratch):
        self.isa = isa
        lines, objects = [".text"], []
        for index, kernel in enumerate(kernels):
            path = os.path.join(HERE, kernel["kernel"])
            if path.endswith(".o") and "fragment" not in kernel:
                copy = os.path.join(scratch, f"k{index}.{isa}.o")
                run([OBJCOPY[isa], "--strip-debug", f"--redefine-sym={kernel['symbol']}=k{index}",
                     path, copy], scratch)
                objects.append(copy)
                continue
            code = section(path, ".text") if path.endswith(".o") else read_code(path)
            code += bytes.fromhex("c3" if isa == "x86-64" else "c0035fd6")
            lines += [".balign 16", f".globl k{index}", f"k{index}: .byte " + ",".join(map(str, code))]
        lines += [".data", ".balign 8", ".globl kernels", "kernels:"]
        lines += [f".quad k{i}" for i in range(len(kernels))]
        listing = os.path.join(scratch, f"table.{isa}.s")
        with open(listing, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        program = os.path.join(scratch, f"machine.{isa}")
        run([GCC[isa], "-O1", "-static", "-no-pie", "-fno-stack-protector", "-z", "noexecstack",
             os.path.join(HERE, "run_machine.c"), listing, *objects, "-o", program], scratch)
        emulator = [] if isa == "x86-64" else ["qemu-aarch64"]
        self.process = subprocess.Popen(emulator + [program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def run(self, index, registers, memory):
        """Runs one kernel: the signal (0: none), the registers and the memory afterwards."""
        self.process.stdin.write(struct.pack("<Q32Q", index, *registers) + bytes(memory))
        self.process.stdin.flush()
        answer = self.process.stdout.read(8 + RECORD)
        if len(answer) != 8 + RECORD:
            raise BuildError(f"the {self.isa} program ended")
        values = struct.unpack_from("<33Q", answer)
        return values[0], values[1:], answer[264:]


def read_code(path):
    """The code of a raw or hex file."""
    with open(path, "rb") as file:
        data = file.read()
    return bytes.fromhex(data.decode()) if path.endswith(".hex") else data


def attempt(machine, index, kernel, tests, bits):
    """The obligations that a kernel breaks in some tests, each with its first input."""
    with open(os.path.join(HERE, kernel["spec"]), encoding="utf-8") as file:
        spec = Specification(file.read())
    interface = spec.interface
    broken = {}
    for _ in range(tests):
        case = Input(interface, bits)
        if not spec.holds("requires", case.environment(interface)):
            continue
        before = case.registers(interface, machine.isa, bits)
        answer = machine.run(index, before, case.memory)
        again = case.registers(interface, machine.isa, bits)
        other = machine.run(index, again, case.memory) if answer[0] == 0 else None
        failed = judge(spec, interface, machine.isa, case, before, answer, other)
        if failed and failed not in broken:
            broken[failed] = {**case.scalars, **{n: hex(a) for n, a in case.addresses.items()}}
        if failed == "termination":
            break
    return broken


def main(arguments):
    """Tries all kernels and prints where a verdict is not as the manifest expects."""
    tests = 300
    if "--tests" in arguments:
        at = arguments.index("--tests")
        tests = int(arguments[at + 1])
        del arguments[at:at + 2]
    with open(os.path.join(HERE, "manifest.json"), encoding="utf-8") as file:
        kernels = json.load(file)["kernels"]
    kernels = [k for k in kernels if not arguments or k["kernel"].split("/")[0] in arguments]
    for kernel in kernels:
        with open(os.path.join(HERE, kernel["spec"]), encoding="utf-8") as file:
            if ":fragment" in file.read():
                kernel["fragment"] = True
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        for isa in ("x86-64", "arm64"):
            mine = [k for k in kernels if k["isa"] == isa]
            machine = Machine(isa, mine, scratch)
            for index, kernel in enumerate(mine):
                broken = attempt(machine, index, kernel, tests, random.Random(index))
                fine = not broken if kernel["expected"] == "proved" else kernel["obligation"] in broken
                if not fine:
                    wrong += 1
                    print(f"{kernel['kernel']} {kernel['spec']}: expected {kernel['expected']} "
                          f"{kernel.get('obligation', '')}, got {broken}", flush=True)
            machine.process.stdin.close()
            machine.process.wait()
    print(f"{len(kernels)} kernels, {wrong} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        print(f"run.py: {error}", file=sys.stderr)
        sys.exit(2)
