import DecoderAgreement
import Glibc
import MachineModel
import Terms
import Testing
import X86Model

/// Validity, length and text against an independent disassembler: LLVM's. `make agreement` compares
/// more codes, and with Zydis too.
@Suite(.enabled(if: access("/usr/bin/llvm-mc", X_OK) == 0, "needs llvm-mc"))
struct IndependentTests {
  @Test func instructionsOfEachRowMeanTheSame() throws {
    var random: any RandomNumberGenerator = SplitMix64(seed: 5)
    var codes: [[UInt8]] = []
    for form in X86().forms {
      for _ in 0..<20 {
        let instruction = X86().randomInstruction(of: form, at: 0, using: &random)
        codes.append(try X86().encode(instruction))
      }
    }
    let tally = try AgreementTally.comparing(codes, with: X86LLVM())
    #expect(tally.differences.isEmpty, "\(tally.differences.prefix(20))")
    #expect(tally.same > codes.count * 9 / 10)
    #expect(tally.bothRefuse == 0)
  }

  @Test func changedBytesMeanTheSame() throws {
    let tally = try AgreementTally.comparing(
      X86Corpus.mutated(100_000, seed: 9), with: X86LLVM())
    #expect(tally.differences.isEmpty, "\(tally.differences.prefix(20))")
    #expect(tally.same > 50_000)
    #expect(tally.bothRefuse > 1_000)
  }
}
