import ArgumentParser

/// The command line's root.
struct BinVerifyCLI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "binverify",
    abstract: "Proves machine code against its specification, or shows an input that breaks it.",
    discussion: """
      binverify prove kernel.o:sort3 sort3.smt
      binverify prove kernel.bin abs.smt --isa arm64
      binverify equiv kernel-O0.o kernel-O2.o --prototype "int32_t abs32(int32_t x)"
      binverify spec new "int32_t abs32(int32_t x)" > abs32.smt

      A file may be - for standard input.

      Exit status: 0 proved, equivalent or done; 1 refuted or different; 2 bad input; \
      3 inconclusive; 4 unsupported instruction; 5 vacuous specification; 70 internal error.
      """,
    version: BinVerifyVersion.text + " (model \(BinVerifyVersion.model))",
    subcommands: [
      Prove.self, Equiv.self, GateCommand.self, Check.self,
      Lift.self, Disasm.self, Asm.self, Decode.self, Spec.self, ISA.self,
    ])
}
