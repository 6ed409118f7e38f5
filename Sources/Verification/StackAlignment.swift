import Terms

/// What code makes of a stack pointer that it aligns, to more than the ABI does for a vector on the stack,
/// say.
struct StackAlignment {
  /// Code that aligns to more bytes than two to this is not followed.
  private static let largest = 8
  /// The ABI aligns to two to this many bytes.
  private static let given = 4

  let terms: TermManager
  /// The stack pointer at entry, which is `remainder` above a multiple of 16.
  let entry: Term
  let remainder: UInt64

  /// An aligned stack pointer as a multiple of 16 above the lowest that it can be, equal to `pointer`
  /// wherever the stack pointer at entry is aligned as the ABI says; nil for any other.
  func followed(_ pointer: Term) -> Term? {
    guard let sum = terms.sum(of: pointer) else { return nil }
    for part in sum.parts where part.coefficient.nonzeroBitCount == 1 {
      let bits = part.coefficient.trailingZeroBitCount
      guard (1...Self.largest).contains(bits),
        terms.operation(part.term) == .concat,
        let (cut, source) = shifted(terms.children(part.term)[1], by: bits),
        let distance = terms.small(terms.subtract(source, entry))
      else { continue }
      let cleared = terms.concat(cut, terms.constant(0, width: bits))
      return terms.add(
        terms.subtract(pointer, cleared), aligned(source, remainder &+ distance, bits))
    }
    return nil
  }

  /// `cut` and `x`, where `cut` is `x` without its lowest bits.
  private func shifted(_ cut: Term, by bits: Int) -> (Term, Term)? {
    guard let bounds = terms.bounds(cut), bounds.low == bits, bounds.high == 63 else { return nil }
    let source = terms.children(cut)[0]
    return terms.width(source) == 64 ? (cut, source) : nil
  }

  /// `source`, whose lowest four bits are those of `known`, with `bits` bits cleared.
  private func aligned(_ source: Term, _ known: UInt64, _ bits: Int) -> Term {
    if bits <= Self.given {
      return terms.subtract(source, terms.constant(known % (1 << UInt64(bits)), width: 64))
    }
    let rest = terms.extract(source, bits - 1, Self.given)
    let all = (UInt64(1) << UInt64(bits)) - 16
    let lowest = terms.subtract(source, terms.constant(known % 16 + all, width: 64))
    let above = terms.concat(terms.not(rest), terms.constant(0, width: Self.given))
    return terms.add(lowest, terms.zeroExtend(above, to: 64))
  }
}
