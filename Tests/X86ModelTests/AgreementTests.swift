import DecoderAgreement
import Testing

/// Counting differences between decoders, and the page that shows them.
@Suite struct AgreementTests {
  /// Says of each code what its first byte stands for.
  private struct Oracle: DecoderOracle {
    let name = "oracle"

    func outcomes(_ codes: [[UInt8]]) throws -> [Outcome] {
      codes.map { [.same, .bothRefuse, .notInTables, .different("one of <them>")][Int($0[0])] }
    }
  }

  @Test func nothingIsLost() throws {
    let tally = try AgreementTally.comparing([[0], [3], [1], [0], [2], [3]], with: Oracle())
    #expect(tally.count == 6)
    #expect([tally.same, tally.bothRefuse, tally.notInTables] == [2, 1, 1])
    #expect(tally.differences.count == 2)
    var page = AgreementPage()
    page.entries.append(
      AgreementPage.Entry(isa: "x86-64", corpus: "codes", oracle: "oracle", tally: tally))
    #expect(page.differenceCount == 2)
    #expect(page.markdown.contains("| x86-64 | codes | oracle | 6 | 2 | 1 | 1 | 0 | 2 |"))
    #expect(page.markdown.contains("one of <them>"))
  }

  /// The corpora reach what they are meant to reach.
  @Test func opcodesOfAllMaps() {
    let codes = X86Corpus.opcodes(2_000, seed: 1)
    #expect(codes.allSatisfy { $0.count == 15 })
    for first: UInt8 in [0xC4, 0xC5, 0x62] {
      #expect(codes.count { $0[0] == first } > 200)
    }
    #expect(codes.count { $0[0] == 0x0F } > 50)
  }
}
