import Testing

/// Messages about bad input: the file, the place, what was expected; and nothing written.
@Suite struct BadInputTests {
  static let specification = "samples/abs32/abs32.smt"
  static let object = "samples/abs32/abs32.x86-64.hand.o"

  static let cases: [(arguments: [String], message: String)] = [
    (["prove", "no-such-file", specification], "no-such-file: error: cannot be opened"),
    (["prove", "samples", specification], "samples: error: is a directory"),
    (["prove", "\(object):nothing", specification], "nothing"),
    (
      ["prove", object, specification, "--isa", "arm64"], "is x86-64 code, but arm64 was asked for"
    ),
    (["prove", "samples/abs32/abs32.bin", specification], "raw code needs its ISA"),
    (["prove", object, "no-such-spec"], "no-such-spec: error: cannot be opened"),
    (["prove", object, object], "\(object):1:1: error: UTF-8 text was expected"),
    (["prove", object, specification, "--base", "0x1000"], "--base is for raw bytes"),
    (["prove", object, specification, "--symbol", "nothing"], "nothing"),
    (["disasm", "-", "--isa", "x86-64"], "standard input: error: has no code: it is empty"),
    (["spec", "check", "-"], "standard input:"),
    (["spec", "new", "int f(int *p)"], "prototype:1:"),
    (["equiv", object, object, "--prototype", "int32_t abs32(int32_t)"], "prototype:1:"),
    (["isa", "x86-64", "--mnemonic", "nothing"], "no form of 'nothing'"),
  ]

  @Test(arguments: cases.indices) func isRefused(index: Int) {
    let (arguments, message) = BadInputTests.cases[index]
    let result = Command.run(arguments)
    #expect(result.status == 2, "\(arguments): \(result)")
    #expect(result.output.isEmpty, "\(arguments): \(result)")
    #expect(result.errors.contains(message), "\(arguments): \(result.errors)")
  }

  @Test func anEmptyFile() {
    let scratch = Scratch()
    Scratch.write("", to: scratch.path("empty.bin"))
    let result = Command.run(
      ["prove", scratch.path("empty.bin"), BadInputTests.specification, "--isa", "x86-64"])
    #expect(result.status == 2 && result.errors.contains("empty.bin: error: has no code"))
  }

  @Test func aSpecificationNamesLineAndColumn() {
    let scratch = Scratch()
    Scratch.write("(set-logic QF_BV)\n  (assert true)\n", to: scratch.path("bad.smt"))
    let result = Command.run(["prove", BadInputTests.object, scratch.path("bad.smt")])
    #expect(result.status == 2 && result.errors.contains("bad.smt:2:"), "\(result)")
  }

  @Test func nothingIsWrittenForBadInput() {
    let scratch = Scratch()
    let result = Command.run([
      "prove", BadInputTests.object, "no-such-spec", "--emit", "c", scratch.path("bug.c"),
    ])
    #expect(result.status == 2)
    #expect(scratch.names.isEmpty)
  }

  @Test func aFileThatCannotBeWritten() {
    let result = Command.run([
      "spec", "new", "int32_t f(int32_t x)", "--output", "/no-such-folder/f.smt",
    ])
    #expect(result.status == 2 && result.errors.contains("cannot be written"), "\(result)")
  }
}
