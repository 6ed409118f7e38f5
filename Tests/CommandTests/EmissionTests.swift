import Glibc
import Testing

/// The programs and files that counterexamples are written as.
@Suite struct EmissionTests {
  static let kernels = [
    "abs32/abs32.x86-64.wrong-saturating.o", "add128p/add128p.x86-64.wrong-overlap.o",
    "sort4/sort4.x86-64.wrong-clobber.o", "sort4/sort4.x86-64.wrong-over.o",
    "sort3r/sort3r.x86-64.wrong-tie.o", "abs32/abs32.arm64.wrong-narrow.o",
    "sort3r/sort3r.arm64.wrong-tie.o",
  ]

  @Test(arguments: kernels) func aProgramReproducesIt(kernel: String) throws {
    let sample = try #require(Sample.all.first { $0.kernel == kernel })
    let scratch = Scratch()
    let (source, binary) = (scratch.path("bug.c"), scratch.path("bug"))
    let emission = ["--emit", "c", source, "--emit", "json", scratch.path("bug.json")]
    let result = Command.run(sample.arguments + emission, in: "\(Command.root)/samples")
    #expect(result.status == 1, "\(result)")
    let json = try #require(JSONValue(Scratch.read(scratch.path("bug.json"))))
    #expect(try #require(Schema("counterexample")).faults(in: json) == [])
    let isARM = sample.isa == "arm64"
    let flags = ["-O1", "-Wall", "-Wextra", "-Werror", source, "-o", binary]
    let compiled = Command.execute(
      isARM ? "aarch64-linux-gnu-gcc" : "gcc",
      flags + (isARM ? ["-static", "-Wl,-Ttext-segment=0x70000000"] : []))
    #expect(compiled.status == 0, "\(compiled.errors)")
    let run = isARM ? Command.execute("qemu-aarch64", [binary]) : Command.execute(binary, [])
    #expect(run.status == 1 && run.output.contains("the code did"), "\(run)")
  }

  /// What a code has to leave as it was: callee-saved registers of every kind, flags, and of a fragment all that
  /// it may not clobber.
  @Test(arguments: [
    ("x86-64", "void f(uint64_t x)", "mov rbx, rdi; ret"),
    ("x86-64", "void f(uint64_t x)", "std; ret"),
    ("arm64", "void f(uint64_t x)", "fmov d8, x0; ret"),
    ("x86-64", "in: x=rdi; out: y=rax", "mov rax, rdi; mov rcx, rax"),
    ("x86-64", "in: x=rdi; out: y=rax", "mov rax, rdi; cmp rdi, rdi"),
    ("arm64", "in: x=x0; out: y=x1", "mov x1, x0; fmov d5, x0"),
    ("arm64", "in: x=x0; out: y=x1", "mov x1, x0; cmp x0, #3"),
  ])
  func aProgramSeesWhatIsNotKept(isa: String, interface: String, code: String) {
    let scratch = Scratch()
    let isFragment = interface.hasPrefix("in:")
    let output = isFragment ? "(declare-const y (_ BitVec 64))" : ""
    Scratch.write(
      """
      (set-logic QF_BV)
      (set-info \(isFragment ? ":fragment" : ":kernel") "\(interface)")
      (declare-const x (_ BitVec 64))
      \(output)
      (define-fun requires () Bool true)
      (define-fun ensures () Bool true)
      """, to: scratch.path("k.smt"))
    let lines = code.split(separator: ";").joined(separator: "\n") + "\n"
    let hex = Command.run(["asm", "-", "--isa", isa], input: Array(lines.utf8)).output
    let result = Command.run(
      [
        "prove", "-", scratch.path("k.smt"), "--isa", isa, "--format", "hex", "--emit", "c",
        scratch.path("k.c"),
      ], input: Array(hex.utf8))
    #expect(result.status == 1 && result.output.contains("abi: "), "\(result)")
    let isARM = isa == "arm64"
    let flags = [
      "-O1", "-Wall", "-Wextra", "-Werror", scratch.path("k.c"), "-o", scratch.path("k"),
    ]
    let compiled = Command.execute(
      isARM ? "aarch64-linux-gnu-gcc" : "gcc",
      flags + (isARM ? ["-static", "-Wl,-Ttext-segment=0x70000000"] : []))
    #expect(compiled.status == 0, "\(compiled.errors)")
    let run =
      isARM
      ? Command.execute("qemu-aarch64", [scratch.path("k")])
      : Command.execute(scratch.path("k"), [])
    #expect(run.status == 1 && run.output.contains("wrong, as reported"), "\(run)")
  }

  @Test func proofsEmitNothing() {
    let scratch = Scratch()
    let result = Command.run([
      "prove", "samples/abs32/abs32.x86-64.hand.o", "samples/abs32/abs32.smt", "--emit", "gdb",
      scratch.path("bug.gdb"),
    ])
    #expect(result.status == 0 && scratch.names.isEmpty, "\(result)")
  }

  @Test func aDebuggerScriptNamesTheCode() {
    let scratch = Scratch()
    let path = scratch.path("bug.gdb")
    let result = Command.run([
      "prove", "samples/abs32/abs32.x86-64.wrong-saturating.o", "samples/abs32/abs32.smt",
      "--emit", "gdb", path,
    ])
    #expect(result.status == 1)
    #expect(Scratch.read(path).contains("set $rdi = 0x80000000"))
  }

  private static let refuted = [
    "prove", "samples/abs32/abs32.x86-64.wrong-saturating.o", "samples/abs32/abs32.smt", "--quiet",
  ]

  /// What cannot be written is said before any work is done, and then nothing is.
  @Test func aPlaceThatIsNone() {
    let scratch = Scratch()
    let result = Command.run(
      EmissionTests.refuted
        + ["--emit", "c", scratch.path("bug.c"), "--emit", "gdb", scratch.path("none/bug.gdb")])
    #expect(result.status == 2 && result.errors.contains("none/bug.gdb: error"), "\(result)")
    #expect(result.output.isEmpty && scratch.names.isEmpty)
    let twice = Command.run(
      EmissionTests.refuted
        + ["--emit", "c", scratch.path("bug"), "--emit", "json", scratch.path("bug")])
    #expect(twice.status == 2 && scratch.names.isEmpty, "\(twice)")
  }

  /// A file that fails only in the end takes nothing from the verdict, nor the others with it; a pipe
  /// without a reader is one, and is not waited for.
  @Test func aPipeThatNobodyReads() {
    let scratch = Scratch()
    mkfifo(scratch.path("pipe"), 0o600)
    let words =
      [Command.executable] + EmissionTests.refuted
      + ["--emit", "c", scratch.path("pipe"), "--emit", "gdb", scratch.path("bug.gdb")]
    let result = Command.execute("/usr/bin/timeout", ["60"] + words)
    #expect(result.status == 1 && result.output.hasPrefix("refuted"), "\(result)")
    #expect(result.errors.contains("pipe: error: cannot be written"), "\(result)")
    #expect(Scratch.read(scratch.path("bug.gdb")).contains("set $rdi"))
  }

  @Test func aPipeWithAReaderTakesAll() {
    let script = "(\"$0\" \"$@\" --emit c /dev/fd/3 > /dev/null) 3>&1 | (sleep 1; cat)"
    let result = Command.execute(
      "/bin/sh", ["-c", script, Command.executable] + EmissionTests.refuted)
    #expect(result.output.contains("int main(void)"), "\(result)")
  }

  /// The specification that is read is not written over.
  @Test func noEmissionOverAnInput() {
    let scratch = Scratch()
    let path = scratch.path("abs32.smt")
    Repository.copy("\(Command.root)/samples/abs32/abs32.smt", to: path)
    let text = Scratch.read(path)
    let result = Command.run([
      "prove", "samples/abs32/abs32.x86-64.wrong-saturating.o", path, "--emit", "c",
      "\(scratch.folder)/./abs32.smt",
    ])
    #expect(result.status == 2 && result.errors.contains("is read as well"), "\(result)")
    #expect(Scratch.read(path) == text && !text.isEmpty)
  }

  #if arch(x86_64)
    /// A result that depends on where the code stands: the run has to place it there.
    @Test func codeIsPlacedWhereTheCounterexampleSays() throws {
      let scratch = Scratch()
      let specification = """
        (set-logic QF_BV)
        (set-info :kernel "uint64_t place(void)")
        (declare-const result (_ BitVec 64))
        (define-fun ensures () Bool (= result #x0000000000401007))
        """
      let (code, path) = (scratch.path("place.hex"), scratch.path("place.smt"))
      Scratch.write(Array("488d05 00000000 c3".utf8), to: code)
      Scratch.write(Array(specification.utf8), to: path)
      let result = Command.run([
        "prove", code, path, "--isa", "x86-64", "--base",
        "0x401000", "--native", "--json",
      ])
      #expect(result.status == 0, "at a fixed place it is a constant: \(result)")
      let anywhere = Command.run([
        "prove", code, path, "--isa", "x86-64", "--native", "--json",
      ])
      let answer = try #require(JSONValue(anywhere.output))
      #expect(anywhere.status == 1, "\(anywhere)")
      #expect(answer["native"]?["finding"]?.string == "confirmed", "\(anywhere)")
    }

    /// Whether a debugger may trace processes here; some containers forbid it.
    static let canDebug = Command.execute(
      "timeout",
      ["20", "gdb", "-q", "-batch", "-ex", "file /bin/true", "-ex", "starti", "-ex", "kill"]
    ).output.contains("killed")

    @Test(.enabled(if: canDebug, "gdb cannot trace processes on this machine"))
    func theDebuggerStepsThroughIt() throws {
      let scratch = Scratch()
      let path = scratch.path("bug.gdb")
      _ = Command.run([
        "prove", "samples/abs32/abs32.x86-64.wrong-saturating.o", "samples/abs32/abs32.smt",
        "--emit", "gdb", path,
      ])
      let run = Command.execute("timeout", ["60", "gdb", "-q", "-batch", "-x", path])
      let rows = run.output.split(separator: "\n")
      #expect(rows.count { $0.hasPrefix("=>") } == 7, "\(run)")
      #expect(rows.contains { $0.hasPrefix("rax ") && $0.contains("0x7fffffff") }, "\(run)")
    }

    @Test(arguments: kernels.filter { $0.contains("x86-64") })
    func theCPUConfirmsIt(kernel: String) throws {
      let sample = try #require(Sample.all.first { $0.kernel == kernel })
      let result = Command.run(
        sample.arguments + ["--native", "--json"], in: "\(Command.root)/samples")
      #expect(JSONValue(result.output)?["native"]?["finding"]?.string == "confirmed", "\(result)")
    }
  #endif
}
