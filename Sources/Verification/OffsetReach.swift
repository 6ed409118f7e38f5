import Terms

/// The signed values that an offset may have, as far as its structure tells.
struct OffsetReach {
  let low: Int64
  let high: Int64
  /// A power of two; the values are congruent to `low` modulo it.
  let stride: UInt64

  /// The reach of a sum of bounded terms; nil where it may go round the end of memory.
  /// - Parameter offset: 64 bits.
  init?(_ offset: Term, in terms: TermManager) {
    guard let sum = terms.sum(of: offset) else { return nil }
    var low = Int64(bitPattern: sum.constant)
    var high = low
    var stride = UInt64(1) << 63
    for (term, coefficient) in sum.parts {
      let factor = Int64(bitPattern: coefficient)
      guard let range = OffsetReach.bounds(of: term, in: terms) else { return nil }
      let ends = [range.least, range.most].map { factor.multipliedReportingOverflow(by: $0) }
      guard !ends[0].overflow, !ends[1].overflow else { return nil }
      let values = ends.map(\.partialValue).sorted()
      let (bottom, top) = (
        low.addingReportingOverflow(values[0]), high.addingReportingOverflow(values[1])
      )
      guard !bottom.overflow, !top.overflow else { return nil }
      (low, high) = (bottom.partialValue, top.partialValue)
      let twos = UInt64(1) << UInt64(coefficient.trailingZeroBitCount)
      let (scaled, isLost) = range.stride.multipliedReportingOverflow(by: twos)
      if !isLost { stride = Swift.min(stride, scaled) }
    }
    self.low = low
    self.high = high
    self.stride = stride
  }

  /// Bounds on the signed value of a term of 64 bits.
  private static func bounds(
    of term: Term, in terms: TermManager
  ) -> (least: Int64, most: Int64, stride: UInt64)? {
    if terms.operation(term) == .signExtend {
      let most = (Int64(1) << Int64(terms.width(terms.children(term)[0]) - 1)) - 1
      return (-most - 1, most, 1)
    }
    let range = UnsignedRange.of(term, in: terms)
    guard let least = Int64(exactly: range.low), let most = Int64(exactly: range.high)
    else { return nil }
    return (least, most, range.stride)
  }

  var isExact: Bool { low == high }

  /// The least and the greatest of the values at which `byteCount` bytes lie within `bounds`.
  func clamped(to bounds: Range<Int64>, byteCount: Int) -> (first: Int64, last: Int64) {
    let last = Swift.min(high, bounds.upperBound - Int64(byteCount))
    guard low < bounds.lowerBound else { return (low, last) }
    let misfit = UInt64(bitPattern: low &- bounds.lowerBound) % stride
    return (bounds.lowerBound + Int64(Swift.min(misfit, 1 << 62)), last)
  }
}
