import Terms
import Testing

/// Bit-vectors that are cut and joined.
@Suite struct StructureTests {
  /// The low bits of arithmetic are arithmetic on low bits, and yet the parts are the whole.
  @Test(arguments: [2, 8, 16, 33, 63]) func partsOfArithmeticJoin(cut: Int) {
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: 64), terms.variable("y", width: 64))
    let wholes = [
      terms.add(x, y), terms.add(x, terms.constant(20, width: 64)), terms.multiply(x, y),
      terms.negate(x), terms.add(terms.multiply(x, y), terms.negate(y)),
    ]
    func joined(_ high: Term, _ low: Term) -> Term {
      terms.concat(terms.extract(high, 63, cut), terms.extract(low, cut - 1, 0))
    }
    for (index, whole) in wholes.enumerated() {
      #expect(joined(whole, whole) == whole)
      for other in wholes[..<index] { #expect(joined(whole, other) != whole) }
    }
  }

  /// An arithmetic shift of which a mask takes no copy of the sign is a logical one.
  @Test(arguments: [8, 64, 72, 128]) func signsThatAMaskDoesNotTakeAreZeros(width: Int) {
    let terms = TermManager()
    let x = terms.variable("x", width: width)
    let every = BitVector(width: width) { _ in 0x3333_3333_3333_3333 }
    for mask in [every, every.shiftedRight(logical: 1)] {
      let shifts = [terms.arithmeticShiftRight(x, by: 2), terms.logicalShiftRight(x, by: 2)]
      let masked = shifts.map { terms.and(terms.constant(mask), $0) }
      #expect(masked[0] == masked[1])
    }
    let left = every.shiftedRight(logical: 2).complement()
    let parts = [terms.arithmeticShiftRight(x, by: 2), terms.logicalShiftRight(x, by: 2)]
      .map { terms.and($0, terms.constant(left)) }
    #expect(parts[0] != parts[1])
  }

  @Test(arguments: 0..<40) func constantsJoinAsOneByOne(seed: Int) throws {
    let terms = TermManager()
    var random = SplitMix64(seed: UInt64(seed))
    let parts = (0..<Int.random(in: 1...9, using: &random)).map { _ in
      BitVector(width: Int.random(in: 1...90, using: &random)) { _ in random.next() }
    }
    let whole = try #require(terms.value(terms.concat(parts.map { terms.constant($0) })))
    #expect(whole == parts.dropFirst().reduce(parts[0]) { $0.concatenating($1) })
  }

  @Test(arguments: [1, 7, 8, 9, 16, 17, 64]) func bytesAreTheLeastSignificantFirst(count: Int) {
    let bytes = (0..<count).map { UInt8($0 + 1) }
    let value = BitVector(bytes: bytes)
    #expect(value.width == count * 8 && value.bytes == bytes)
    #expect(value.extracting(7, 0).low == 1)
    #expect(value.extracting(count * 8 - 1, count * 8 - 8).low == UInt64(count))
  }
}
