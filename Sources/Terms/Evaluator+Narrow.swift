/// Operators on bit-vectors of up to 64 bits, a word a lane.
extension EvaluationPlan.Step {
  private typealias Words = UnsafeMutableBufferPointer<UInt64>

  /// The mask of a width of up to 64 bits.
  private static func mask(_ width: Int) -> UInt64 { .max >> UInt64(64 - width) }

  /// The sign-extended value of the low `width` bits.
  private static func signed(_ word: UInt64, _ width: Int) -> Int64 {
    Int64(bitPattern: word << UInt64(64 - width)) >> Int64(64 - width)
  }

  /// Runs the step for all lanes.
  func runNarrow(_ words: UnsafeMutableBufferPointer<UInt64>, lanes: Int) {
    let width = width
    let operandWidth = firstWidth
    let mask = Self.mask(width)
    switch operation {
    case .constant, .variable, .select, .store, .constantArray:
      preconditionFailure("\(operation) is not a step on words")
    case .not: unary(words, lanes) { ~$0 & mask }
    case .negate: unary(words, lanes) { (0 &- $0) & mask }
    case .and: binary(words, lanes) { $0 & $1 }
    case .or: binary(words, lanes) { $0 | $1 }
    case .xor: binary(words, lanes) { $0 ^ $1 }
    case .equal: binary(words, lanes) { $0 == $1 ? 1 : 0 }
    case .add: binary(words, lanes) { ($0 &+ $1) & mask }
    case .multiply: binary(words, lanes) { ($0 &* $1) & mask }
    case .unsignedDivide:
      if let divisor = CommonDivisor(self, words, lanes) {
        return unary(words, lanes) { divisor.quotient(of: $0) }
      }
      binary(words, lanes) { $1 == 0 ? mask : $0 / $1 }
    case .unsignedRemainder:
      if let divisor = CommonDivisor(self, words, lanes) {
        return unary(words, lanes) { $0 &- divisor.quotient(of: $0) &* divisor.value }
      }
      binary(words, lanes) { $1 == 0 ? $0 : $0 % $1 }
    case .signedDivide:
      binary(words, lanes) { Self.signedQuotient($0, $1, width) & mask }
    case .signedRemainder:
      binary(words, lanes) { Self.signedRemainder($0, $1, width) & mask }
    case .shiftLeft: binary(words, lanes) { $1 >= UInt64(width) ? 0 : ($0 << $1) & mask }
    case .logicalShiftRight: binary(words, lanes) { $1 >= UInt64(width) ? 0 : $0 >> $1 }
    case .arithmeticShiftRight:
      binary(words, lanes) {
        UInt64(bitPattern: Self.signed($0, width) >> Int64(Swift.min($1, 63))) & mask
      }
    case .unsignedLess: binary(words, lanes) { $0 < $1 ? 1 : 0 }
    case .signedLess:
      binary(words, lanes) {
        Self.signed($0, operandWidth) < Self.signed($1, operandWidth) ? 1 : 0
      }
    case .concat:
      let shift = UInt64(secondWidth)
      binary(words, lanes) { $0 << shift | $1 }
    case .extract:
      let shift = UInt64(low)
      unary(words, lanes) { $0 >> shift & mask }
    case .signExtend:
      unary(words, lanes) { UInt64(bitPattern: Self.signed($0, operandWidth)) & mask }
    case .ifThenElse: choose(words, lanes)
    }
  }

  private static func signedQuotient(_ left: UInt64, _ right: UInt64, _ width: Int) -> UInt64 {
    let (a, b) = (signed(left, width), signed(right, width))
    if b == 0 { return a < 0 ? 1 : .max }
    return UInt64(bitPattern: a.dividedReportingOverflow(by: b).partialValue)
  }

  private static func signedRemainder(_ left: UInt64, _ right: UInt64, _ width: Int) -> UInt64 {
    let (a, b) = (signed(left, width), signed(right, width))
    if b == 0 { return left }
    return UInt64(bitPattern: a.remainderReportingOverflow(dividingBy: b).partialValue)
  }

  @inline(__always)
  private func unary(_ words: Words, _ lanes: Int, _ body: (UInt64) -> UInt64) {
    let (result, operand) = (words.column(slot), words.column(first))
    for lane in 0..<lanes { result[lane] = body(operand[lane]) }
  }

  @inline(__always)
  private func binary(_ words: Words, _ lanes: Int, _ body: (UInt64, UInt64) -> UInt64) {
    let (result, left, right) = (words.column(slot), words.column(first), words.column(second))
    for lane in 0..<lanes { result[lane] = body(left[lane], right[lane]) }
  }

  private func choose(_ words: Words, _ lanes: Int) {
    let (result, condition) = (words.column(slot), words.column(first))
    let (then, otherwise) = (words.column(second), words.column(third))
    for lane in 0..<lanes { result[lane] = condition[lane] == 1 ? then[lane] : otherwise[lane] }
  }
}

/// A divisor that is the same in all lanes, from 2 to 2^32 - 1, and its reciprocal.
private struct CommonDivisor {
  let value: UInt64
  /// The least number that is not below 2^64 / `value`.
  private let reciprocal: UInt64

  /// Nil for operands of more than 32 bits, and where lanes differ.
  init?(_ step: EvaluationPlan.Step, _ words: UnsafeMutableBufferPointer<UInt64>, _ lanes: Int) {
    let divisors = words.column(step.second)
    guard step.width <= 32, divisors[0] > 1 else { return nil }
    for lane in 1..<lanes where divisors[lane] != divisors[0] { return nil }
    value = divisors[0]
    reciprocal = UInt64.max / value + 1
  }

  /// Exact, since the dividend and the divisor have at most 32 bits each (Lemire, Kaser, Kurz: Faster
  /// remainder by direct computation, 2019, theorem 1).
  @inline(__always)
  func quotient(of dividend: UInt64) -> UInt64 {
    reciprocal.multipliedFullWidth(by: dividend).high
  }
}

extension UnsafeMutableBufferPointer<UInt64> {
  /// What begins at `start`. Loops over lanes from there become vector instructions; with a checked sum
  /// of both as the index they do not.
  func column(_ start: Int) -> UnsafeMutablePointer<UInt64> {
    guard let base = baseAddress else { preconditionFailure("a step without columns") }
    return base + start
  }
}
