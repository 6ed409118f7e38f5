import Testing

/// Options of `binverify decode` that loosen what a specification says.
@Suite struct DecodeOptionTests {
  @Test(arguments: ["--any-offset", "--wide-arguments"])
  func withoutASpecificationThereIsNothingToLoosen(option: String) {
    let result = Command.run(["decode", "-", "--isa", "x86-64", option], input: Array("90".utf8))
    #expect(result.status == 2 && result.errors.contains("\(option) needs --contract"), "\(result)")
  }

  /// An address of which only the buffer is known.
  @Test func offsetsAreAskedFor() {
    let arguments = ["decode", "-", "--isa", "x86-64", "--contract", "samples/copy32/copy32.smt"]
    let code = Array("31c98a040e".utf8)  // xor ecx, ecx; mov al, [rsi + rcx]
    #expect(Command.run(arguments, input: code).status == 2)
    #expect(Command.run(arguments + ["--any-offset"], input: code).status == 0)
  }
}
