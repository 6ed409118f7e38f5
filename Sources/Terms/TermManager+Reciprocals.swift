/// Divisions by constants in the forms that compilers give them: multiplications by reciprocals.
extension TermManager {
  /// A number times a constant, over a power of two, rounded down.
  private struct Scaled {
    let number: Term
    let multiplier: UInt128
    let shift: Int
  }

  // MARK: Unsigned

  /// Bits of a product or a sum, from `low` up, as those of the quotient that it is.
  func extractOfReciprocal(_ term: Term, _ high: Int, _ low: Int) -> Term? {
    let width = high - low + 1
    if operation(term) == .multiply,
      let floor = signOfProduct(term, low, width: width)
        ?? signedQuotientBits(term, high, low)
    {
      return floor
    }
    guard let scaled = product(term) ?? averagedProduct(term) else { return nil }
    let own = self.width(scaled.number)
    let reciprocal = Reciprocal(multiplier: scaled.multiplier, shift: scaled.shift + low)
    guard
      let divisor = reciprocal.divisor(most: UInt128(BitVector.lastMask(own)))
        ?? reciprocal.divisor(most: UInt128(UnsignedRange.of(scaled.number, in: self).high))
    else { return nil }
    if divisor > BitVector.lastMask(own) { return constant(0, width: width) }
    return resized(quotient(scaled.number, divisor), to: width)
  }

  /// The low bits of a term, or all of them with zeros above.
  func resized(_ term: Term, to width: Int) -> Term {
    width <= self.width(term) ? extract(term, width - 1, 0) : zeroExtend(term, to: width)
  }

  /// A constant times a zero-extended number of at most 64 bits, of which nothing is cut off.
  private func product(_ term: Term) -> Scaled? {
    guard operation(term) == .multiply, let multiplier = value(first(term)),
      operation(second(term)) == .concat, isZero(first(second(term)))
    else { return nil }
    let number = second(second(term))
    let bits = multiplier.significantBits
    guard width(number) <= 64, bits <= 64, bits + width(number) <= width(term) else { return nil }
    return Scaled(number: number, multiplier: multiplier.low128, shift: 0)
  }

  /// The upper half of a product of twice a number's bits: `t` where `t = ⌊x · multiplier / 2^w⌋`.
  private func upperProduct(_ term: Term) -> Scaled? {
    guard let (high, low) = bounds(term), high == 2 * low - 1, width(first(term)) == 2 * low,
      let scaled = product(first(term)), width(scaled.number) == low
    else { return nil }
    return scaled
  }

  /// `t + (x - t) / 2` with `t = ⌊x · m / 2^w⌋`, which is `⌊x · (2^w + m) / 2^(w + 1)⌋`.
  private func averagedProduct(_ term: Term) -> Scaled? {
    guard operation(term) == .add else { return nil }
    for (part, other) in [(first(term), second(term)), (second(term), first(term))] {
      guard let scaled = upperProduct(part),
        other == logicalShiftRight(subtract(scaled.number, part), by: 1)
      else { continue }
      let width = width(term)
      return Scaled(
        number: scaled.number, multiplier: scaled.multiplier + 1 << UInt128(width),
        shift: width + 1)
    }
    return nil
  }

  // MARK: Signed

  /// The bits of `term` from `low` to the highest as a number of `width` bits with its sign, where that is a
  /// quotient rounded down: the one toward zero, less one for negative dividends. Fewer bits are those of it.
  func flooredQuotient(_ term: Term, _ low: Int, width: Int) -> Term? {
    guard let scaled = signedProduct(term) ?? signedUpperProduct(term) else { return nil }
    let (number, own) = (scaled.number, self.width(scaled.number))
    let reciprocal = Reciprocal(multiplier: scaled.multiplier, shift: scaled.shift + low)
    guard let divisor = reciprocal.signedDivisor(width: own) else {
      return nil
    }
    let quotient = signedQuotient(number, divisor)
    return subtract(
      width <= own ? extract(quotient, width - 1, 0) : signExtend(quotient, to: width),
      zeroExtend(extract(number, own - 1, own - 1), to: width))
  }

  /// A positive constant times a sign-extended number of at most 64 bits, of which nothing is cut off.
  private func signedProduct(_ term: Term) -> Scaled? {
    guard operation(term) == .multiply, let multiplier = value(first(term)),
      operation(second(term)) == .signExtend
    else { return nil }
    let number = first(second(term))
    let bits = multiplier.significantBits
    guard width(number) <= 64, bits <= 64, bits + width(number) <= width(term) else { return nil }
    return Scaled(number: number, multiplier: multiplier.low128, shift: 0)
  }

  /// Bits of a quotient rounded down. Those up to the highest are left alone where they do not hold it: their sign
  /// extension is the quotient.
  private func signedQuotientBits(_ term: Term, _ high: Int, _ low: Int) -> Term? {
    guard let scaled = signedProduct(term) else { return nil }
    let width = high - low + 1
    if high == self.width(term) - 1, width < self.width(scaled.number) { return nil }
    return flooredQuotient(term, low, width: width)
  }

  /// The bits of a signed product from `low` up where they are nothing but its sign, which is the number's.
  private func signOfProduct(_ term: Term, _ low: Int, width: Int) -> Term? {
    guard let scaled = signedProduct(term) else { return nil }
    let top = self.width(scaled.number) - 1
    guard low >= top + (128 - scaled.multiplier.leadingZeroBitCount) else { return nil }
    return signExtend(extract(scaled.number, top, top), to: width)
  }

  /// The upper half of the product of a signed number and an unsigned constant below 2^w, as code puts it
  /// together: from the product with the constant less 2^w and the number, or from the unsigned product.
  private func signedUpperProduct(_ term: Term) -> Scaled? {
    let width = width(term)
    guard operation(term) == .add, width <= 64 else { return nil }
    for part in [first(term), second(term)] {
      guard let (high, low) = bounds(part), low == width, high == 2 * width - 1,
        self.width(first(part)) == 2 * width, operation(first(part)) == .multiply,
        let multiplier = value(first(first(part)))
      else { continue }
      let factor = multiplier.extracting(width - 1, 0)
      let rest = subtract(term, part)
      let found = Scaled(number: rest, multiplier: factor.low128, shift: width)
      if second(first(part)) == signExtend(rest, to: 2 * width),
        multiplier.extracting(2 * width - 1, width).isAllOnes, !factor.isZero
      {
        return found
      }
      if let scaled = upperProduct(part) {
        let sign = extract(scaled.number, width - 1, width - 1)
        let correction = multiply(constant(factor.negated()), zeroExtend(sign, to: width))
        if rest == correction {
          return Scaled(number: scaled.number, multiplier: scaled.multiplier, shift: width)
        }
      }
    }
    return nil
  }

  // MARK: Divisibility

  /// `bound <u rotated`, where that says that a number is no multiple of a constant; nil for other terms.
  ///
  /// For odd d, x = d·2^j·q with 0 ≤ q ≤ Q is what a rotation of x·d⁻¹ to the right by j maps to q: since it
  /// maps different numbers to different ones, all others are above Q. For signed numbers what is
  /// rotated is x·d⁻¹ + 2^j·Q, and the bound is 2Q.
  func isNoMultiple(_ rotated: Term, above bound: Term) -> Term? {
    let width = width(rotated)
    guard width <= 64, width > 2, let most = small(bound), let (whole, power) = rotation(rotated),
      let (constant, parts) = sum(of: whole), parts.count == 1, parts[0].coefficient & 1 == 1,
      case let odd = inverse(parts[0].coefficient, width), odd > 1, odd < parts[0].coefficient
    else { return nil }
    let number = parts[0].term
    let (divisor, overflow) = odd.multipliedReportingOverflow(by: 1 << UInt64(power))
    let last = BitVector.lastMask(width)
    guard !overflow, divisor <= last else { return nil }
    if constant == 0, most == last / divisor {
      return distinct(
        unsignedRemainder(number, self.constant(divisor, width: width)), zero(sort(number)))
    }
    let largest = last / 2 / divisor
    if divisor <= last / 2, constant == largest << UInt64(power), most == 2 * largest {
      return distinct(
        signedRemainder(number, self.constant(divisor, width: width)), zero(sort(number)))
    }
    return nil
  }

  /// What is rotated to the right, and how far, in parts; a term that is not a concatenation is as it is.
  private func rotation(_ term: Term) -> (whole: Term, power: Int)? {
    if operation(term) == .multiply || operation(term) == .add { return (term, 0) }
    guard operation(term) == .concat, let (high, low) = bounds(second(term)) else { return nil }
    let whole = first(second(term))
    guard high == width(whole) - 1, width(whole) == width(term),
      extract(whole, low - 1, 0) == first(term)
    else { return nil }
    return (whole, low)
  }

  /// The inverse of an odd number modulo 2^width, by Newton's iteration.
  private func inverse(_ value: UInt64, _ width: Int) -> UInt64 {
    var result: UInt64 = value
    for _ in 0..<6 { result = result &* (2 &- value &* result) }
    return result & BitVector.lastMask(width)
  }
}
