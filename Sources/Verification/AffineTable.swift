import Terms

/// A table of constants whose entries are exclusive ors of the entries at powers of two, as those
/// of CRCs are: a look-up is then a choice for each bit of the index and no comparison.
package struct AffineTable {
  private let base: BitVector
  private let steps: [BitVector]

  /// Nil where the entries, a power of two of them, do not have that form.
  package init?(_ entries: [BitVector]) {
    guard entries.count > 2, entries.count.nonzeroBitCount == 1 else { return nil }
    base = entries[0]
    steps = (0..<entries.count.trailingZeroBitCount).map { entries[1 << $0].zip(entries[0], ^) }
    for (index, entry) in entries.enumerated() {
      let sum = steps.indices.filter { index >> $0 & 1 == 1 }
        .reduce(base) { $0.zip(steps[$1], ^) }
      if sum != entry { return nil }
    }
  }

  /// The entry at `index`, of which only the low bits count.
  package func entry(_ index: Term, _ terms: TermManager) -> Term {
    let zero = terms.constant(.zero(base.width))
    return steps.indices.reduce(terms.constant(base)) { sum, bit in
      terms.xor(
        sum, terms.ifThenElse(terms.bit(index, bit), terms.constant(steps[bit]), zero))
    }
  }
}
