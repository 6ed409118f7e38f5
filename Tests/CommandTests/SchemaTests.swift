import Testing

/// Every `--json` output against its schema.
@Suite struct SchemaTests {
  static let abs = "samples/abs32/abs32"

  static let cases: [(schema: String, arguments: [String])] = [
    ("prove", ["prove", "\(abs).x86-64.hand.o", "\(abs).smt"]),
    ("prove", ["prove", "\(abs).arm64.wrong-narrow.o", "\(abs).smt", "--native"]),
    ("prove", ["prove", "samples/sort4/sort4.x86-64.wrong-over.o", "samples/sort4/sort4.smt"]),
    ("prove", ["prove", "\(abs).x86-64.hand.o", "\(abs).smt", "--engine", "rewrite"]),
    (
      "equiv",
      [
        "equiv", "\(abs).x86-64.hand.o", "\(abs).arm64.hand.o", "--prototype",
        "int32_t abs32(int32_t x)",
      ]
    ),
    (
      "equiv",
      ["equiv", "\(abs).x86-64.hand.o", "\(abs).arm64.wrong-narrow.o", "--spec", "\(abs).smt"]
    ),
    ("prove", ["prove", "\(abs).x86-64.hand.o", "\(abs).smt", "--cpu", "x86-64-v1"]),
    ("gate", ["gate", "--manifest", "Tests/CommandTests/gate.yml", "--no-cache", "--no-records"]),
    (
      "check",
      [
        "check", "proofs/abs32.x86-64.hand.json", "proofs/abs32.x86-64.gcc-O0.json", "--no-cache",
        "--solver", "z3",
      ]
    ),
    ("gate-verify", ["gate", "verify", "--key", "Tests/CommandTests/ed25519.pub"]),
    ("lift", ["lift", "\(abs).x86-64.hand.o"]),
    ("lift", ["lift", "samples/sort3/sort3.arm64.hand.o", "--spec", "samples/sort3/sort3.smt"]),
    ("disasm", ["disasm", "\(abs).x86-64.gcc-O0.o"]),
    ("asm", ["asm", "-", "--isa", "arm64"]),
    (
      "decode",
      [
        "decode", "-", "--isa", "x86-64", "--why", "c8", "--contract", "\(abs).smt", "--allow",
        "mov",
        "--allow", "ret",
      ]
    ),
    (
      "decode",
      ["decode", "--isa", "arm64", "--allow", "ret", "--max-instructions", "2", "--sample", "2"]
    ),
    ("isa", ["isa"]),
    ("self-test", ["isa", "--self-test", "--mnemonic", "adc", "--states", "64"]),
    ("spec-new", ["spec", "new", "void sort3(int32_t p[3])"]),
    ("spec-check", ["spec", "check", "samples/cmp3/cmp3.smt"]),
  ]

  @Test(arguments: cases.indices) func outputIsAsDescribed(index: Int) throws {
    let (name, arguments) = SchemaTests.cases[index]
    let result = Command.run(
      arguments + ["--json"], input: Array((name == "decode" ? "89\n" : "ret\n").utf8))
    let value = try #require(JSONValue(result.output), "\(result)")
    #expect(try #require(Schema(name)).faults(in: value) == [])
    #expect(result.errors.isEmpty)
    if let status = value["status"]?.number { #expect(Int32(status) == result.status) }
  }

  /// Each record is an in-toto Statement as `Docs/Schema/proof.json` says.
  @Test func recordsAreAsDescribed() throws {
    let schema = try #require(Schema("proof"))
    let paths = Command.execute("/usr/bin/find", ["proofs", "-name", "*.json"]).output
      .split(separator: "\n")
    #expect(paths.count > 400)
    for path in paths {
      let value = try #require(JSONValue(Scratch.read("\(Command.root)/\(path)")), "\(path)")
      #expect(schema.faults(in: value) == [], "\(path)")
    }
  }

  /// The validator itself: a missing and an unknown member, a wrong type.
  @Test func faultsAreFound() throws {
    let schema = try #require(Schema("spec-new"))
    let value = try #require(
      JSONValue(#"{"schema": "binverify/2/spec-new", "version": 1, "model": 1, "more": null}"#))
    #expect(schema.faults(in: value).count == 4)
  }

  @Test func keysKeepTheirOrder() {
    let text = Command.run(["spec", "new", "int32_t f(int32_t x)", "--json"]).output
    #expect(text.hasPrefix("{\n  \"schema\": \"binverify/2/spec-new\",\n  \"version\": "))
  }
}
