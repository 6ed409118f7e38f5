import ARM64Model
import DecoderAgreement
import Glibc
import MachineModel
import Terms
import Testing

/// The tables against LLVM's disassembler: which words are instructions, and which ones. `make
/// agreement` compares more words, and with objdump too.
@Suite(.enabled(if: access("/usr/bin/llvm-mc", X_OK) == 0, "needs llvm-mc"))
struct DisassemblerTests {
  @Test("LLVM agrees on words of each row, and on others near them and anywhere")
  func agreesWithLLVM() throws {
    let words = DisassemblerTests.words(ARM64())
    let tally = try AgreementTally.comparing(words, with: ARM64LLVM())
    #expect(tally.differences.isEmpty, "\(tally.differences.prefix(20))")
    #expect(tally.count > 100_000)
    #expect(tally.same > 80_000)
    #expect(tally.bothRefuse > 1_000)
  }

  /// Instructions of every row, words that differ from a row in a few bits, and any words.
  private static func words(_ arm64: ARM64) -> [[UInt8]] {
    var random: any RandomNumberGenerator = SplitMix64(seed: 2)
    var result: [UInt32] = []
    for form in arm64.forms {
      let count = form.family.tier < "A3" ? 200 : 100
      for index in 0..<count {
        let instruction = arm64.randomInstruction(of: form, at: 0, using: &random)
        guard var word = try? word(arm64.encode(instruction)) else { continue }
        result.append(word)
        if index < count * 9 / 10 {
          for _ in 0...Int.random(in: 0...3, using: &random) {
            word ^= 1 << UInt32.random(in: 0...31, using: &random)
          }
          result.append(word)
        }
      }
    }
    return result.filter(ARM64Corpus.isNoMarker).map(bytes) + ARM64Corpus.random(20_000, seed: 3)
  }
}
