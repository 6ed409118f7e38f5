/// A natural number of any size, with what counting needs.
public struct Natural: Hashable, Sendable {
  /// The lowest first; the last is not zero.
  private(set) var limbs: [UInt64] = []

  public static let zero = Natural()

  private init() {}

  init(_ value: UInt128) {
    limbs = [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)]
    trim()
  }

  private mutating func trim() { while limbs.last == 0 { limbs.removeLast() } }

  var isZero: Bool { limbs.isEmpty }

  static func += (left: inout Natural, right: Natural) {
    if left.limbs.count < right.limbs.count {
      left.limbs += [UInt64](repeating: 0, count: right.limbs.count - left.limbs.count)
    }
    var carry: UInt64 = 0
    for index in left.limbs.indices {
      let other = index < right.limbs.count ? right.limbs[index] : 0
      if carry == 0, index >= right.limbs.count { break }
      let (one, first) = left.limbs[index].addingReportingOverflow(other)
      let (two, second) = one.addingReportingOverflow(carry)
      left.limbs[index] = two
      carry = (first ? 1 : 0) + (second ? 1 : 0)
    }
    if carry > 0 { left.limbs.append(carry) }
  }

  /// - Precondition: `right` is at most `left`.
  static func -= (left: inout Natural, right: Natural) {
    precondition(!(left < right), "a difference below zero")
    var borrow: UInt64 = 0
    for index in left.limbs.indices {
      let other = index < right.limbs.count ? right.limbs[index] : 0
      let (one, first) = left.limbs[index].subtractingReportingOverflow(other)
      let (two, second) = one.subtractingReportingOverflow(borrow)
      left.limbs[index] = two
      borrow = (first ? 1 : 0) + (second ? 1 : 0)
    }
    left.trim()
  }

  static func * (left: Natural, right: Natural) -> Natural {
    var result = Natural()
    result.limbs = [UInt64](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (i, a) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.limbs.enumerated() {
        let sum = UInt128(a) * UInt128(b) + UInt128(result.limbs[i + j]) + UInt128(carry)
        result.limbs[i + j] = UInt64(truncatingIfNeeded: sum)
        carry = UInt64(truncatingIfNeeded: sum >> 64)
      }
      result.limbs[i + right.limbs.count] = carry
    }
    result.trim()
    return result
  }

  static func < (left: Natural, right: Natural) -> Bool {
    if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
    for (a, b) in zip(left.limbs.reversed(), right.limbs.reversed()) where a != b { return a < b }
    return false
  }

  /// A number below `bound`, each as likely as every other.
  static func random(below bound: Natural, using random: inout some RandomNumberGenerator)
    -> Natural
  {
    precondition(!bound.isZero, "no number is below zero")
    let top = UInt64.max >> UInt64(bound.limbs[bound.limbs.count - 1].leadingZeroBitCount)
    while true {
      var result = bound
      for index in result.limbs.indices { result.limbs[index] = random.next() }
      result.limbs[result.limbs.count - 1] &= top
      result.trim()
      if result < bound { return result }
    }
  }
}

extension Natural: CustomStringConvertible {
  /// In decimal digits.
  public var description: String {
    var rest = limbs
    var groups: [String] = []
    let base: UInt64 = 1_000_000_000_000_000_000
    while !rest.isEmpty {
      var remainder: UInt64 = 0
      for index in rest.indices.reversed() {
        (rest[index], remainder) = base.dividingFullWidth((remainder, rest[index]))
      }
      while rest.last == 0 { rest.removeLast() }
      let digits = String(remainder)
      groups.append(
        rest.isEmpty ? digits : String(repeating: "0", count: 18 - digits.count) + digits)
    }
    return groups.isEmpty ? "0" : groups.reversed().joined()
  }
}
