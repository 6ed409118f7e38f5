import Testing

/// `--cpu`: which instructions are accepted, and how an answer names the CPU.
@Suite struct CPUTests {
  static let identity = """
    (set-logic QF_BV)
    (set-info :kernel "uint32_t same(uint32_t x)")
    (declare-const x (_ BitVec 32))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool true)
    (define-fun ensures () Bool (= result x))
    """
  /// `crc32w w0, w0, w0` and a return.
  static let checksum = "00 48 c0 1a c0 03 5f d6"

  private func run(_ command: String, _ arguments: [String]) -> Command.Result {
    let scratch = Scratch()
    let path = scratch.path("spec.smt")
    Scratch.write(CPUTests.identity, to: path)
    let inputs =
      switch command {
      case "prove": [command, "-", path]
      case "equiv": [command, "-", "samples/abs32/abs32.arm64.hand.o", "--spec", path]
      default: [command, "-"]
      }
    return Command.run(
      inputs + ["--isa", "arm64", "--format", "hex"] + arguments,
      input: Array(CPUTests.checksum.utf8))
  }

  @Test(arguments: ["prove", "lift", "disasm"], [[], ["--json"]])
  func refusesWhatTheCPULacks(command: String, mode: [String]) {
    let result = run(command, mode + ["--cpu", "armv8.0-a"])
    #expect(result.status == 4, "\(result)")
    let text = result.output + result.errors
    for part in ["0x0", "00 48 c0 1a", "FEAT_CRC32", "armv8.0-a"] {
      #expect(text.contains(part), "\(part): \(result)")
    }
  }

  @Test(
    arguments: ["prove", "disasm"],
    ["armv8.1-a", "armv8.0-a+crc", "ARMv8.0-A+FEAT_CRC32", "armv8-a+crc32", "any"])
  func acceptsWhatTheCPUHas(command: String, cpu: String) {
    let result = run(command, ["--cpu", cpu])
    #expect(result.status == (command == "prove" ? 1 : 0), "\(result)")
  }

  @Test func assemblesWhatTheCPUHas() {
    let line = Array("crc32w w0, w0, w0\n".utf8)
    let arguments = ["asm", "-", "--isa", "arm64", "--cpu"]
    let refused = Command.run(arguments + ["armv8.0-a"], input: line)
    #expect(refused.status == 2 && refused.errors.contains("needs FEAT_CRC32"), "\(refused)")
    #expect(Command.run(arguments + ["armv8.0-a+crc"], input: line).status == 0)
  }

  @Test func listsWhatTheCPUHas() {
    func forms(_ cpu: String) -> Double? {
      let result = Command.run(["isa", "arm64", "--cpu", cpu, "--json"])
      return JSONValue(result.output)?["architectures"]?.array?.first?["forms"]?.number
    }
    let (less, more) = (forms("armv8.0-a"), forms("armv8.0-a+crc"))
    #expect(less.map { $0 + 8 } == more)
  }

  @Test func verdictsAndRecordsNameTheCPU() {
    let code = ["prove", "samples/abs32/abs32.x86-64.hand.o", "samples/abs32/abs32.smt"]
    let text = Command.run(code + ["--cpu", "x86-64-v2+aes"]).output
    #expect(text.hasPrefix("proved  abs32.x86-64.hand.o:abs32  for x86-64-v2+aes  in "), "\(text)")
    #expect(!Command.run(code).output.contains("  for "))
    func cpu(_ arguments: [String], _ member: String) -> String? {
      JSONValue(Command.run(arguments + ["--json"]).output)?[member]?.string
    }
    #expect(cpu(code + ["--cpu", "X86-64-v3"], "cpu") == "x86-64-v3")
    #expect(cpu(code, "cpu") == "any")
    let both = [
      "equiv", "samples/abs32/abs32.x86-64.hand.o", "samples/abs32/abs32.arm64.hand.o",
      "--prototype", "int32_t abs32(int32_t x)", "--cpu", "armv8.2-a+sha3", "--cpu", "zen4",
    ]
    #expect(cpu(both, "firstCPU") == "zen4")
    #expect(cpu(both, "secondCPU") == "armv8.2-a+sha3")
  }

  @Test(arguments: [
    (["--cpu", "pentium"], "'pentium' is no CPU of x86-64; known are any, x86-64, x86-64-v1"),
    (["--cpu", "x86-64-v1+magic"], "'magic' is no feature of x86-64; known are "),
    (["--cpu", "armv8.0-a"], "'armv8.0-a' is no CPU of x86-64"),
    (["--cpu", "any+sse"], "every feature already"),
    (["--cpu", "x86-64-v1+"], "'' is no feature"),
    (["--cpu", "zen4", "--cpu", "x86-64"], "--cpu zen4 was given besides --cpu x86-64"),
  ])
  func unknownNames(arguments: [String], message: String) {
    let code = ["prove", "samples/abs32/abs32.x86-64.hand.o", "samples/abs32/abs32.smt"]
    let result = Command.run(code + arguments)
    #expect(result.status == 2 && result.output.isEmpty, "\(result)")
    #expect(result.errors.contains(message), "\(result)")
  }
}
