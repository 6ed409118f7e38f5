/// A constant in digits of -1, 0 and 1, no two neighbours of which are other than zero: a run of ones is
/// one subtraction from the bit above it.
struct SignedDigits {
  /// From the least significant up; what goes beyond the width is cut off.
  let values: [Int]

  /// Nil for bits that are not all constant, or where digits with signs do not halve the additions.
  init?(_ bits: [AndInverterGraph.Literal]) {
    guard bits.allSatisfy({ $0.code < 2 }) else { return nil }
    let ones = bits.map { $0 == AndInverterGraph.true ? 1 : 0 }
    var values: [Int] = []
    var carry = 0
    for (index, one) in ones.enumerated() {
      let sum = one + carry
      let isRun = index + 1 < ones.count && ones[index + 1] == 1
      values.append(sum == 1 ? (isRun ? -1 : 1) : 0)
      carry = sum == 2 || sum == 1 && isRun ? 1 : 0
    }
    guard 2 * values.count(where: { $0 != 0 }) <= ones.count(where: { $0 == 1 }) else { return nil }
    self.values = values
  }
}
