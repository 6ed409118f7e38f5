"""Evaluates the rule with a Starlark interpreter and does what its action says.

    bazel.py RULE REPOSITORY FOLDER

REPOSITORY holds right.o, abs32.smt and the record of their proof; FOLDER is made.
"""

import json
import pathlib
import subprocess
import sys

import starlark

RULE, REPOSITORY, FOLDER = map(pathlib.Path, sys.argv[1:])

# What Bazel offers to a rule, as far as it is used, with files as structs.
PRELUDE = """
def _kind(**arguments):
    return arguments

attr = struct(label = _kind, string = _kind, int = _kind)
DefaultInfo = _kind

def depset(items):
    return items

def rule(**arguments):
    return arguments
"""
CALL = """
_actions = []

def _file(path):
    return struct(path = path)

def _declare(name):
    return _file("bazel-out/bin/kernels/" + name)

def _write(file, content):
    _actions.append({"write": file.path, "content": content})

def _run(executable, arguments, inputs, outputs, mnemonic, progress_message):
    _actions.append({
        "arguments": arguments,
        "inputs": [file.path for file in inputs],
        "outputs": [file.path for file in outputs],
    })

_given = struct(
    symbol = "", isa = "", cpu = "x86-64-v3", prototype = "", timeout_seconds = 20,
)
binverify_proof["implementation"](struct(
    label = struct(name = "right"),
    attr = _given,
    file = struct(
        code = _file("kernels/right.o"),
        specification = _file("kernels/abs32.smt"),
        reference = None,
    ),
    executable = struct(binverify = _file("tools/binverify")),
    actions = struct(declare_file = _declare, write = _write, run = _run),
))
json.encode(_actions)
"""


def actions():
    """The actions that a target of the rule has."""
    extensions = [starlark.LibraryExtension.StructType, starlark.LibraryExtension.Json]
    globals_ = starlark.Globals.extended_by(extensions)
    text = PRELUDE + RULE.read_text() + CALL
    program = starlark.parse(str(RULE), text)
    return json.loads(starlark.eval(starlark.Module(), program, globals_))


write, run = actions()
for name in ("right.o", "abs32.smt"):
    path = FOLDER / "kernels" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((REPOSITORY / name).read_bytes())
manifest = FOLDER / write["write"]
manifest.parent.mkdir(parents=True)
manifest.write_text(write["content"])
assert all((FOLDER / path).is_file() for path in run["inputs"]), run["inputs"]
subprocess.run(["binverify", *run["arguments"]], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
(record,) = run["outputs"]
proof = json.loads((FOLDER / record).read_text())
known = json.loads((REPOSITORY / "proofs/right.json").read_text())
assert proof["subject"][0]["digest"] == known["subject"][0]["digest"]
assert proof["predicate"]["verdict"] == "proved"

# Wrong code fails the action and leaves no record.
(FOLDER / record).unlink()
code = (FOLDER / "kernels/right.o").read_bytes()
(FOLDER / "kernels/right.o").write_bytes(code.replace(b"\xf7\xd8", b"\xf7\xd0"))
wrong = subprocess.run(["binverify", *run["arguments"]], cwd=FOLDER, stdout=subprocess.PIPE)
assert wrong.returncode == 1 and b"refuted" in wrong.stdout, wrong
assert not (FOLDER / record).exists()
