import Terms

/// Addresses whose form does not say where they point to, such as one that is rounded or whose low bits were
/// written apart.
extension SymbolicMemory {
  /// An address that seems to have more offsets than this is not followed.
  private static let apparentLimit: UInt64 = 64

  /// The place or the few places in a region that `address` has where `condition` holds, judged by some
  /// inputs: to be proved, not relied on. Nil if they show none.
  func apparentTarget(
    of address: Term, where condition: Term, _ terms: TermManager
  ) -> Target? {
    guard let probe else { return nil }
    let based = regions.indices.filter { index in
      regions[index].base.map { probe.usual[$0] != nil } ?? false
    }
    let bases = based.compactMap { regions[$0].base }
    let distances = probe.distances(of: address, from: bases, where: condition, terms)
    for (position, index) in based.enumerated() {
      let own = distances.map { $0[position] }
      guard let low = own.min(), let high = own.max(),
        case (let span, let isLost) = high.subtractingReportingOverflow(low), !isLost,
        span < SymbolicMemory.apparentLimit, low < regions[index].bounds.upperBound,
        high >= regions[index].bounds.lowerBound
      else { continue }
      let distance = terms.subtract(address, bases[position])
      return Target(
        condition: condition, region: index,
        offset: confined(distance, from: low, span: UInt64(span), terms))
    }
    return nil
  }

  /// A term for `value`, a number from `low` to `span` above it, whose form says so.
  private func confined(
    _ value: Term, from low: Int64, span: UInt64, _ terms: TermManager
  ) -> Term {
    let first = terms.constant(signed: low, width: 64)
    if span == 0 { return first }
    let bits = 64 - span.leadingZeroBitCount
    let above = terms.extract(terms.subtract(value, first), bits - 1, 0)
    return terms.add(first, terms.zeroExtend(above, to: 64))
  }
}
