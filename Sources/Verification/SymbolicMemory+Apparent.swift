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
    let starts = regions.map { start(of: $0, terms) }
    let distances = probe.distances(of: address, from: starts, where: condition, terms)
    for (index, start) in starts.enumerated() {
      let own = distances.map { $0[index] }
      guard let low = own.min(), let high = own.max(),
        case (let span, let isLost) = high.subtractingReportingOverflow(low), !isLost,
        span < SymbolicMemory.apparentLimit, low < regions[index].bounds.upperBound,
        high >= regions[index].bounds.lowerBound
      else { continue }
      let distance = terms.subtract(address, start)
      return Target(
        condition: condition, region: index,
        offset: confined(distance, from: low, span: UInt64(span), terms))
    }
    return nil
  }

  /// The stack pointer's distance from its value at entry if it seems to be one only where `condition`
  /// holds: to be proved, not relied on.
  func apparentDepth(
    of pointer: Term, where condition: Term, _ terms: TermManager
  ) -> Int64? {
    guard let probe else { return nil }
    let distances = probe.distances(
      of: pointer, from: [probe.stackPointer], where: condition, terms)
    let depths = Set(distances.map { $0[0] })
    return depths.count == 1 ? depths.first : nil
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
