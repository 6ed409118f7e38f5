/// Constructors of quotients and remainders.
///
/// By a constant, a remainder is what the quotient leaves of the dividend, and factors of two are
/// shifted out, so that an unsigned quotient is one by an odd number.
extension TermManager {
  public func unsignedDivide(_ left: Term, _ right: Term) -> Term {
    if let power = value(right)?.powerOfTwo { return logicalShiftRight(left, by: power) }
    if let divisor = divisor(right), !isConstant(left) { return quotient(left, divisor) }
    if let (a, b) = narrowed(left, right) {
      // By zero a quotient is all ones.
      let isByZero = equal(b, constant(0, width: width(b)))
      let above = ifThenElse(isByZero, constant(1, width: 1), constant(0, width: 1))
      return concat(
        signExtend(above, to: width(left) - width(a)), division(.unsignedDivide, a, b))
    }
    return division(.unsignedDivide, left, right)
  }

  public func unsignedRemainder(_ left: Term, _ right: Term) -> Term {
    let width = width(left)
    if let power = value(right)?.powerOfTwo {
      return power == 0
        ? constant(0, width: width) : zeroExtend(extract(left, power - 1, 0), to: width)
    }
    if let divisor = divisor(right), !isConstant(left) {
      return subtract(left, multiply(right, quotient(left, divisor)))
    }
    if let (a, b) = narrowed(left, right) {
      return zeroExtend(division(.unsignedRemainder, a, b), to: width)
    }
    return division(.unsignedRemainder, left, right)
  }

  public func signedDivide(_ left: Term, _ right: Term) -> Term {
    if value(right)?.isAllOnes == true { return negate(left) }
    if value(right)?.powerOfTwo == 0, width(left) > 1 { return left }
    guard let (magnitude, isNegative) = signedDivisor(right), !isConstant(left) else {
      return division(.signedDivide, left, right)
    }
    let quotient = signedQuotient(left, magnitude)
    return isNegative ? negate(quotient) : quotient
  }

  public func signedRemainder(_ left: Term, _ right: Term) -> Term {
    let width = width(left)
    let isUnit = value(right).map { $0.isAllOnes || $0.powerOfTwo == 0 } ?? false
    if isUnit { return constant(0, width: width) }
    if let (magnitude, _) = signedDivisor(right), !isConstant(left) {
      if isZeroExtended(left) {
        return unsignedRemainder(left, constant(magnitude, width: width))
      }
      if magnitude.nonzeroBitCount == 1 {
        let power = magnitude.trailingZeroBitCount
        let bias = bias(left, power)
        return subtract(zeroExtend(extract(add(left, bias), power - 1, 0), to: width), bias)
      }
      return subtract(
        left, multiply(constant(magnitude, width: width), signedQuotient(left, magnitude)))
    }
    if let (a, b) = signNarrowed(left, right) {
      return signExtend(division(.signedRemainder, a, b), to: width)
    }
    return division(.signedRemainder, left, right)
  }

  private func division(_ operation: Operator, _ left: Term, _ right: Term) -> Term {
    precondition(sort(left) == sort(right), "\(operation) of \(sort(left)) and \(sort(right))")
    if let a = value(left), let b = value(right), let result = operation.meaning(a, b, a) {
      return constant(result)
    }
    return node(operation, sort(left), left, right)
  }

  // MARK: By constants

  /// A constant divisor of at most 64 bits other than zero.
  private func divisor(_ term: Term) -> UInt64? {
    small(term).flatMap { $0 == 0 ? nil : $0 }
  }

  /// The magnitude of a constant divisor, and whether it is negative; nil for zero and the minimum.
  private func signedDivisor(_ term: Term) -> (magnitude: UInt64, isNegative: Bool)? {
    guard let value = value(term), width(term) <= 64, !value.isZero else { return nil }
    if !value.signBit { return (value.low, false) }
    let magnitude = value.negated()
    return magnitude.signBit ? nil : (magnitude.low, true)
  }

  /// `term` by a constant that fits its width and is not zero.
  func quotient(_ term: Term, _ divisor: UInt64) -> Term {
    let width = width(term)
    let right = constant(divisor, width: width)
    if divisor == 1 { return term }
    if isConstant(term) { return division(.unsignedDivide, term, right) }
    let power = divisor.trailingZeroBitCount
    if power > 0 {
      let rest = quotient(extract(term, width - 1, power), divisor >> UInt64(power))
      return zeroExtend(rest, to: width)
    }
    if operation(term) == .concat, isZero(first(term)) {
      let own = self.width(second(term))
      return fits(divisor, own)
        ? zeroExtend(quotient(second(term), divisor), to: width) : constant(0, width: width)
    }
    if width <= 64, let inner = constantDivisor(term) {
      let (product, overflow) = inner.multipliedReportingOverflow(by: divisor)
      return overflow || !fits(product, width)
        ? constant(0, width: width) : quotient(first(term), product)
    }
    return node(.unsignedDivide, sort(term), term, right)
  }

  private func fits(_ value: UInt64, _ width: Int) -> Bool {
    width >= 64 || value >> UInt64(width) == 0
  }

  /// The odd constant above one that `term` is an unsigned quotient by.
  private func constantDivisor(_ term: Term) -> UInt64? {
    operation(term) == .unsignedDivide ? divisor(second(term)) : nil
  }

  /// The bits that hold any quotient of as many bits as `term` by the constant that it is one by.
  private func quotientBits(_ term: Term) -> Int? {
    guard width(term) <= 64, let divisor = constantDivisor(term) else { return nil }
    let most = BitVector.lastMask(width(term)) / divisor
    return 64 - most.leadingZeroBitCount
  }

  /// Whether the top bit of a quotient by a constant is known to be clear.
  func isSmallQuotient(_ term: Term) -> Bool {
    quotientBits(term).map { $0 < width(term) } ?? false
  }

  /// Bits of a quotient by a constant; without the lowest ones it is another quotient.
  func extractOfQuotient(_ term: Term, _ high: Int, _ low: Int) -> Term? {
    guard low > 0, width(term) <= 64, let divisor = constantDivisor(term) else { return nil }
    let shifted = divisor << UInt64(low)
    guard shifted >> UInt64(low) == divisor, fits(shifted, width(term)) else {
      return constant(0, width: high - low + 1)
    }
    return extract(quotient(first(term), shifted), high - low, 0)
  }

  /// Zeros above the low bits of a quotient that has no others: its own bits.
  func extendedQuotient(_ zeros: Term, _ low: Term) -> Term? {
    guard isZero(zeros), case (let high, 0)? = bounds(low), let bits = quotientBits(first(low)),
      bits <= high + 1
    else { return nil }
    let (source, above) = (first(low), width(zeros))
    let own = Swift.min(above, width(source) - 1 - high)
    return zeroExtend(extract(source, high + own, 0), to: high + 1 + above)
  }

  /// `term` by a positive constant of its width, toward zero.
  func signedQuotient(_ term: Term, _ divisor: UInt64) -> Term {
    let width = width(term)
    let right = constant(divisor, width: width)
    if isConstant(term) { return division(.signedDivide, term, right) }
    if divisor == 1 { return term }
    if isZeroExtended(term) { return unsignedDivide(term, right) }
    if divisor.nonzeroBitCount == 1 {
      let power = divisor.trailingZeroBitCount
      return signExtend(extract(add(term, bias(term, power)), width - 1, power), to: width)
    }
    if operation(term) == .signExtend, fits(divisor, self.width(first(term)) - 1) {
      return signExtend(signedQuotient(first(term), divisor), to: width)
    }
    return node(.signedDivide, sort(term), term, right)
  }

  /// What makes a shift by `power` round toward zero: 2^power - 1 for negative values.
  private func bias(_ term: Term, _ power: Int) -> Term {
    let top = width(term) - 1
    return zeroExtend(signExtend(extract(term, top, top), to: power), to: top + 1)
  }

  /// The constant by which a sum but for a constant part, `offset`, is the remainder of an unsigned division; the
  /// low bits of one count, too, where they hold it.
  package func remainder(in term: Term) -> (divisor: UInt64, offset: UInt64)? {
    guard operation(term) == .add, width(term) <= 64, let sum = sum(of: term) else { return nil }
    let mask = BitVector.lastMask(width(term))
    for (part, coefficient) in sum.parts {
      let divisor = (0 &- coefficient) & mask
      guard let whole = wholeQuotient(part) else { continue }
      let rest = add(term, multiply(constant(divisor, width: width(term)), part))
      // In this order always, since terms are numbered as they are made.
      for offset in sum.constant == 0 ? [0] : [0, sum.constant] {
        let dividend = subtract(rest, constant(offset, width: width(term)))
        if isQuotient(part, whole, of: dividend, by: divisor) { return (divisor, offset) }
      }
    }
    return nil
  }

  /// Whether the low bits of a quotient, `part` of `whole`, are those of the quotient of a number by a constant of which
  /// `dividend` is the low bits.
  private func isQuotient(
    _ part: Term, _ whole: Term, of dividend: Term, by divisor: UInt64
  ) -> Bool {
    let numbers = [dividend] + (bounds(dividend)?.low == 0 ? [first(dividend)] : [])
    if numbers.contains(where: {
      width($0) <= 64 && resized(quotient($0, divisor), to: width(part)) == part
    }) {
      return true
    }
    // The number is what the quotient divides, and below it bits of the dividend.
    guard let odd = constantDivisor(whole), divisor % odd == 0,
      (divisor / odd).nonzeroBitCount == 1
    else { return false }
    let power = (divisor / odd).trailingZeroBitCount
    let upper = extract(dividend, width(dividend) - 1, power)
    return upper == resized(first(whole), to: width(upper))
  }

  /// The quotient by a constant of which a term is the low bits, or all of them with zeros above.
  private func wholeQuotient(_ term: Term) -> Term? {
    if operation(term) == .unsignedDivide { return term }
    if case (_, 0)? = bounds(term) { return first(term) }
    guard operation(term) == .concat, isZero(first(term)) else { return nil }
    let low = second(term)
    if operation(low) == .unsignedDivide { return low }
    // Cut off is nothing but zeros.
    guard case (let high, 0)? = bounds(low), let bits = quotientBits(first(low)), bits <= high + 1
    else { return nil }
    return first(low)
  }

  /// A sum that is a remainder and a constant as its low bits, which hold it, and zeros above; others as they are.
  func bounded(_ term: Term) -> Term {
    guard let bits = boundedBits(term), bits < width(term) else { return term }
    return zeroExtend(extract(term, bits - 1, 0), to: width(term))
  }

  /// The bits that hold any value of a sum that is a remainder and a constant; nil for other terms.
  func boundedBits(_ term: Term) -> Int? {
    remainderRange(term).map { Swift.max(1, 64 - $0.upperBound.leadingZeroBitCount) }
  }

  /// The values of a sum that is a remainder and a constant, if it does not wrap around; nil for other terms.
  func remainderRange(_ term: Term) -> ClosedRange<UInt64>? {
    guard let (divisor, offset) = remainder(in: term) else { return nil }
    let (most, overflow) = offset.addingReportingOverflow(divisor - 1)
    return !overflow && fits(most, width(term)) ? offset...most : nil
  }

  // MARK: By variables

  /// Operands with zeros above both, without them; nil where nothing is above.
  private func narrowed(_ left: Term, _ right: Term) -> (Term, Term)? {
    func own(_ term: Term) -> Int? {
      if let value = value(term) { return value.significantBits }
      return operation(term) == .concat && isZero(first(term)) ? self.width(second(term)) : nil
    }
    guard let a = own(left), let b = own(right) else { return nil }
    let width = Swift.max(1, a, b)
    if width == self.width(left) { return nil }
    return (extract(left, width - 1, 0), extract(right, width - 1, 0))
  }

  /// The low bits of a quotient of sign extensions: those of the narrow one, which differs only in what
  /// is above where the minimum is divided by -1.
  func extractOfSignedQuotient(_ term: Term, _ high: Int, _ low: Int) -> Term? {
    guard let (a, b) = signNarrowed(first(term), second(term)), high < width(a) else { return nil }
    return extract(division(.signedDivide, a, b), high, low)
  }
}
