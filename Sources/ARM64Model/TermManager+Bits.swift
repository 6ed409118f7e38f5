import Terms

/// Bit counts, reversals and checksums as terms.
extension TermManager {
  /// `term` with the chunks of `size` bits in reverse order within each group of `group` bits.
  func reversingChunks(_ term: Term, of size: Int, within group: Int) -> Term {
    var parts: [Term] = []
    for top in stride(from: width(term), to: 0, by: -group) {
      for low in stride(from: top - group, to: top, by: size) {
        parts.append(extract(term, low + size - 1, low))
      }
    }
    return concat(parts)
  }

  /// The number of zeros above the highest one, `width` bits wide; the width of `term`, a power of
  /// two, where there is none. By halving, so that the term's depth is logarithmic.
  func countLeadingZeros(_ term: Term, width: Int) -> Term {
    let own = self.width(term)
    if own == 1 { return bits(not(bit(term, 0)), width: width) }
    let (high, low) = (extract(term, own - 1, own / 2), extract(term, own / 2 - 1, 0))
    let half = constant(UInt64(own / 2), width: width)
    return ifThenElse(
      equal(high, constant(0, width: own / 2)),
      add(half, countLeadingZeros(low, width: width)), countLeadingZeros(high, width: width))
  }

  /// The number of bits below the top bit that equal it without a gap.
  func countLeadingSignBits(_ term: Term) -> Term {
    let width = width(term)
    let changes = concat(
      xor(extract(term, width - 1, 1), extract(term, width - 2, 0)), constant(1, width: 1))
    return countLeadingZeros(changes, width: width)
  }

  /// The reflected cyclic redundancy check of 32 bits that continues `checksum` with `data`, the
  /// lowest bit first.
  func checksum(_ checksum: Term, of data: Term, reversedPolynomial: UInt64) -> Term {
    let polynomial = constant(reversedPolynomial, width: 32)
    var rest = checksum
    for index in 0..<width(data) {
      let bit = xor(extract(rest, 0, 0), extract(data, index, index))
      let shifted = logicalShiftRight(rest, by: 1)
      rest = xor(shifted, and(signExtend(bit, to: 32), polynomial))
    }
    return rest
  }
}
