/// Bounds on the unsigned value of a term, and what all its values are a multiple of apart from an
/// offset: `low`, `low + stride`, … up to `high`.
package struct UnsignedRange: Hashable {
  package var low: UInt64
  package var high: UInt64
  /// A power of two; the values are congruent to `low` modulo it.
  package var stride: UInt64

  /// All values of `width` bits, at most 64.
  package init(width: Int) {
    self.init(low: 0, high: .max >> UInt64(64 - width), stride: 1)
  }

  package init(low: UInt64, high: UInt64, stride: UInt64) {
    self.low = low
    self.high = high
    self.stride = stride
  }

  /// The number of values that the bounds allow, less one.
  package var span: UInt64 { (high - low) / stride }

  /// What the structure of `term` (at most 64 bits wide) tells of its value.
  package static func of(_ term: Term, in terms: TermManager, depth: Int = 12) -> UnsignedRange {
    let width = terms.width(term)
    let all = UnsignedRange(width: width)
    if let value = terms.small(term) {
      return UnsignedRange(low: value, high: value, stride: 1 << 63)
    }
    guard depth > 0 else { return all }
    let children = terms.children(term)
    func range(_ index: Int) -> UnsignedRange {
      of(children[index], in: terms, depth: depth - 1)
    }
    switch terms.operation(term) {
    case .concat: return range(0).above(range(1), bits: terms.width(children[1]))
    case .ifThenElse: return range(1).union(range(2))
    case .add:
      return range(0).sum(range(1), within: all)
        ?? terms.remainderRange(term)
        .map { UnsignedRange(low: $0.lowerBound, high: $0.upperBound, stride: 1) } ?? all
    case .multiply:
      guard let factor = terms.small(children[0]) else { return all }
      return range(1).product(factor, within: all) ?? all
    case .and:
      return UnsignedRange(low: 0, high: Swift.min(range(0).high, range(1).high), stride: 1)
    case .unsignedRemainder:
      guard let divisor = terms.small(children[1]), divisor > 0 else { return all }
      return UnsignedRange(low: 0, high: divisor - 1, stride: 1)
    case .logicalShiftRight:
      return UnsignedRange(low: 0, high: range(0).high, stride: 1)
    case .unsignedDivide:
      // By zero it is all ones.
      guard let divisor = terms.small(children[1]), divisor > 0 else { return all }
      return UnsignedRange(low: 0, high: range(0).high / divisor, stride: 1)
    default: return all
    }
  }

  private func above(_ part: UnsignedRange, bits: Int) -> UnsignedRange {
    let shift = UInt64(bits)
    let isFixed = part.low == part.high
    let scaled = stride >= 1 << (63 - shift) ? 1 << 63 : stride << shift
    return UnsignedRange(
      low: low << shift | part.low, high: high << shift | part.high,
      stride: isFixed ? scaled : Swift.min(scaled, part.stride))
  }

  private func union(_ other: UnsignedRange) -> UnsignedRange {
    let distance = low > other.low ? low - other.low : other.low - low
    let common = distance == 0 ? UInt64(1) << 63 : 1 << UInt64(distance.trailingZeroBitCount)
    return UnsignedRange(
      low: Swift.min(low, other.low), high: Swift.max(high, other.high),
      stride: Swift.min(stride, other.stride, common))
  }

  private func sum(_ other: UnsignedRange, within all: UnsignedRange) -> UnsignedRange? {
    let (top, overflow) = high.addingReportingOverflow(other.high)
    guard !overflow, top <= all.high else { return nil }
    return UnsignedRange(
      low: low + other.low, high: top, stride: Swift.min(stride, other.stride))
  }

  private func product(_ factor: UInt64, within all: UnsignedRange) -> UnsignedRange? {
    let (top, overflow) = high.multipliedReportingOverflow(by: factor)
    guard !overflow, top <= all.high, factor > 0 else { return nil }
    let multiple = UInt64(1) << UInt64(factor.trailingZeroBitCount)
    let (scaled, lost) = stride.multipliedReportingOverflow(by: multiple)
    return UnsignedRange(low: low * factor, high: top, stride: lost ? 1 << 63 : scaled)
  }
}
