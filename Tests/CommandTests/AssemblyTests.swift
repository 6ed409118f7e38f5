import Testing

/// `asm` and `disasm` against each other.
@Suite struct AssemblyTests {
  private static let programs = [
    (
      "x86-64",
      "start:  neg eax  ; a comment\n  js start\n  .byte 0x90, 144\n  jmp done\ndone: ret\n",
      "f7 d8\n78 fc\n90 90\neb 00\nc3\n"
    ),
    (
      "arm64", "again: subs w0, w0, #1 // a comment\n  b.ne again\n  ret\n",
      "00 04 00 71\ne1 ff ff 54\nc0 03 5f d6\n"
    ),
  ]

  @Test(arguments: programs.indices) func assembles(index: Int) {
    let (isa, text, bytes) = AssemblyTests.programs[index]
    let result = Command.run(["asm", "-", "--isa", isa], input: Array(text.utf8))
    #expect(result.status == 0 && result.output == bytes, "\(result)")
  }

  @Test(arguments: Sample.all.filter { $0.kernel.contains("hand") })
  func disassemblyAssemblesAgain(sample: Sample) {
    let code = "samples/\(sample.kernel):\(sample.symbol)"
    let first = Command.run(["disasm", code, "--json"])
    guard let lines = JSONValue(first.output)?["instructions"]?.array else {
      Issue.record("\(first)")
      return
    }
    let text = lines.compactMap { $0["text"]?.string }.joined(separator: "\n")
    let base = lines.first?["address"]?.string ?? "0"
    let again = Command.run(
      ["asm", "-", "--isa", sample.isa, "--base", base], input: Array(text.utf8))
    let second = Command.run(
      ["disasm", "-", "--isa", sample.isa, "--format", "hex", "--base", base, "--json"],
      input: Array(again.output.utf8))
    let texts = JSONValue(second.output)?["instructions"]?.array?.compactMap { $0["text"]?.string }
    #expect(texts?.joined(separator: "\n") == text, "\(again.errors)")
  }

  @Test func mistakesHavePlaces() {
    let result = Command.run(
      ["asm", "-", "--isa", "x86-64"], input: Array("ret\n  bogus eax\n".utf8))
    #expect(result.status == 2 && result.output.isEmpty, "\(result)")
    #expect(result.errors.hasPrefix("standard input:2:3: error: "), "\(result)")
  }

  @Test func aLongBranchSettles() {
    let text = "jmp end\n" + String(repeating: "nop\n", count: 200) + "end: ret\n"
    let result = Command.run(["asm", "-", "--isa", "x86-64"], input: Array(text.utf8))
    #expect(result.output.hasPrefix("e9 c8 00 00 00\n"), "\(result)")
  }

  /// A pipe (or /dev/null) that is named as the output stays what it is.
  @Test func pipesAreNotReplaced() {
    let script = """
      echo ret > code.s && mkfifo pipe || exit 99
      cat pipe > got & "$0" asm code.s --isa x86-64 --output pipe || exit 98
      [ -p pipe ] || exit 97
      wait; od -An -tx1 got
      """
    let scratch = Scratch()
    let result = Command.execute(
      "/bin/sh", ["-c", script, Command.executable], in: scratch.folder)
    #expect(result.status == 0 && result.output == " c3\n", "\(result)")
  }
}
