"""A proof as an action of Bazel, so that remote execution runs it and its cache keeps it.

    load("//tools:binverify.bzl", "binverify_proof")

    binverify_proof(
        name = "sort3",
        code = "sort3.o",
        specification = "sort3.smt",
    )

`bazel build` fails, and shows the counterexample, unless the kernel is proved; what it builds is the
record. `binverify` is a target that is the program, `//tools:binverify` unless given.
"""

def _from(file, manifest):
    """The path of a file as the manifest has it: relative to its own folder."""
    return "../" * manifest.path.count("/") + file.path

def _proof_impl(ctx):
    name = ctx.label.name.replace("/", "-")
    manifest = ctx.actions.declare_file(name + ".binverify.yml")
    record = ctx.actions.declare_file("%s.proofs/%s.json" % (name, name))
    kernel = {
        "name": name,
        "code": _from(ctx.file.code, manifest),
        "timeout": ctx.attr.timeout_seconds,
    }
    inputs = [manifest, ctx.file.code]
    for key, value in [("symbol", ctx.attr.symbol), ("isa", ctx.attr.isa), ("cpu", ctx.attr.cpu)]:
        if value:
            kernel[key] = value
    if ctx.file.specification:
        kernel["specification"] = _from(ctx.file.specification, manifest)
        inputs.append(ctx.file.specification)
    if ctx.file.reference:
        kernel["reference"] = _from(ctx.file.reference, manifest)
        inputs.append(ctx.file.reference)
    if ctx.attr.prototype:
        kernel["prototype"] = ctx.attr.prototype

    # JSON is YAML.
    ctx.actions.write(manifest, json.encode({"version": 1, "kernels": [kernel]}))
    ctx.actions.run(
        executable = ctx.executable.binverify,
        arguments = [
            "gate",
            "--manifest",
            manifest.path,
            "--proofs",
            name + ".proofs",
            "--no-cache",
            "--jobs",
            "1",
        ],
        inputs = inputs,
        outputs = [record],
        mnemonic = "BinverifyProof",
        progress_message = "Proving %{label}",
    )
    return [DefaultInfo(files = depset([record]))]

binverify_proof = rule(
    implementation = _proof_impl,
    doc = "Proves that code does what a specification, or other code, says.",
    attrs = {
        "code": attr.label(allow_single_file = True, mandatory = True, doc = "The object file."),
        "symbol": attr.string(doc = "The function, if the file has several."),
        "specification": attr.label(allow_single_file = [".smt"], doc = "What the code has to do."),
        "reference": attr.label(allow_single_file = True, doc = "Code that it has to stand for."),
        "prototype": attr.string(doc = "The reference's declaration in C."),
        "isa": attr.string(values = ["", "x86-64", "arm64"], doc = "For files that do not say it."),
        "cpu": attr.string(doc = "The CPU whose instructions may be used."),
        "timeout_seconds": attr.int(default = 60),
        "binverify": attr.label(
            default = "//tools:binverify",
            executable = True,
            cfg = "exec",
            allow_single_file = True,
        ),
    },
)
