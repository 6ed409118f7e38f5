import Terms
import Testing
import Verification

/// Tables of constants that are affine over their index.
@Suite struct AffineTableTests {
  /// The table of a CRC over four bits.
  private func crcTable() -> [BitVector] {
    (0..<16).map { index in
      var value = UInt64(index)
      for _ in 0..<4 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      return BitVector(value, width: 32)
    }
  }

  @Test func aLookUpGivesTheEntry() throws {
    let entries = crcTable()
    let table = try #require(AffineTable(entries))
    let terms = TermManager()
    for (index, entry) in entries.enumerated() {
      #expect(table.entry(terms.constant(UInt64(index), width: 64), terms) == terms.constant(entry))
    }
  }

  @Test func oneWrongEntryIsNoticed() {
    for index in 0..<16 {
      var entries = crcTable()
      entries[index] = entries[index].adding(BitVector(1, width: 32))
      #expect(AffineTable(entries) == nil, "entry \(index)")
    }
  }
}
