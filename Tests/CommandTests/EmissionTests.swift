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

  #if arch(x86_64)
    @Test(arguments: kernels.filter { $0.contains("x86-64") })
    func theCPUConfirmsIt(kernel: String) throws {
      let sample = try #require(Sample.all.first { $0.kernel == kernel })
      let result = Command.run(
        sample.arguments + ["--native", "--json"], in: "\(Command.root)/samples")
      #expect(JSONValue(result.output)?["native"]?["finding"]?.string == "confirmed", "\(result)")
    }
  #endif
}
