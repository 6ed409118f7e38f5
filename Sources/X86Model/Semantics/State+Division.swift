import MachineModel
import Terms

/// Division of a double-width dividend, which faults where the quotient does not fit (Intel SDM,
/// volume 2, DIV and IDIV).
extension MachineState {
  struct Division {
    let quotient: Term
    let remainder: Term
  }

  /// Divides `high:low` by `divisor`, all of one width.
  ///
  /// A dividend whose upper half is zero is divided at the narrow width: that is what compilers
  /// emit, and what a solver can still follow.
  mutating func divide(unsigned high: Term, _ low: Term, by divisor: Term) -> Division {
    let width = terms.width(low)
    raise(.divideError, when: terms.not(terms.unsignedLess(high, divisor)))
    if high == terms.constant(0, width: width) {
      return Division(
        quotient: terms.unsignedDivide(low, divisor),
        remainder: terms.unsignedRemainder(low, divisor))
    }
    let dividend = terms.concat(high, low)
    let wide = terms.zeroExtend(divisor, to: 2 * width)
    return Division(
      quotient: terms.extract(terms.unsignedDivide(dividend, wide), width - 1, 0),
      remainder: terms.extract(terms.unsignedRemainder(dividend, wide), width - 1, 0))
  }

  /// Divides `high:low` by `divisor`, all of one width, as two's complement numbers; the remainder
  /// has the dividend's sign.
  mutating func divide(signed high: Term, _ low: Term, by divisor: Term) -> Division {
    let width = terms.width(low)
    let isZero = terms.equal(divisor, terms.constant(0, width: width))
    let sign = terms.extract(terms.signExtend(low, to: 2 * width), 2 * width - 1, width)
    if high == sign {
      let least = terms.constant(
        BitVector.ones(width).shiftedRight(logical: 1).complement())
      let minusOne = terms.constant(BitVector.ones(width))
      raise(
        .divideError,
        when: terms.or(
          isZero, terms.and(terms.equal(low, least), terms.equal(divisor, minusOne))))
      return Division(
        quotient: terms.signedDivide(low, divisor),
        remainder: terms.signedRemainder(low, divisor))
    }
    let dividend = terms.concat(high, low)
    let wide = terms.signExtend(divisor, to: 2 * width)
    let quotient = terms.signedDivide(dividend, wide)
    let kept = terms.extract(quotient, width - 1, 0)
    let overflows = terms.distinct(terms.signExtend(kept, to: 2 * width), quotient)
    raise(.divideError, when: terms.or(isZero, overflows))
    return Division(
      quotient: kept,
      remainder: terms.extract(terms.signedRemainder(dividend, wide), width - 1, 0))
  }
}
