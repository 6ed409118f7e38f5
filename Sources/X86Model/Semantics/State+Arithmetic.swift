import MachineModel
import Terms

/// Sums and differences with their flags (Intel SDM, volume 1, appendix A).
///
/// The formulas are chosen so that conditions fold: after `cmp a, b`, CF is `a <u b`, ZF is
/// `a = b`, and SF ≠ OF is `a <s b`.
extension MachineState {
  /// The value of one operand, at its width.
  mutating func read(_ instruction: Instruction, _ operand: Int) -> Term {
    self[instruction.operands[operand]]
  }

  /// SF, ZF and PF of a result.
  mutating func setResultFlags(_ result: Term) {
    self[.sf] = terms.isNegative(result)
    self[.zf] = terms.equal(result, terms.constant(0, width: terms.width(result)))
    self[.pf] = parity(result)
  }

  /// Whether the low eight bits have an even number of ones.
  func parity(_ result: Term) -> Term {
    let odd = (1..<8).reduce(terms.extract(result, 0, 0)) {
      terms.xor($0, terms.extract(result, $1, $1))
    }
    return terms.equal(odd, terms.constant(0, width: 1))
  }

  /// The carry out of bit 3 of a sum or difference.
  func auxiliary(_ left: Term, _ right: Term, _ result: Term) -> Term {
    let bits = [left, right, result].map { terms.extract($0, 4, 4) }
    return terms.equal(
      terms.xor(terms.xor(bits[0], bits[1]), bits[2]), terms.constant(1, width: 1))
  }

  /// `left + right + carry`; sets all status flags.
  mutating func add(_ left: Term, _ right: Term, carry: Term) -> Term {
    let sum = terms.add(
      terms.add(left, right), terms.bits(carry, width: terms.width(left)))
    setResultFlags(sum)
    self[.cf] = carryOut(left, sum, carry)
    self[.of] = signedOverflow(left, right, sum: sum)
    self[.af] = auxiliary(left, right, sum)
    return sum
  }

  /// The carry of `sum = left + … + carry`.
  func carryOut(_ left: Term, _ sum: Term, _ carry: Term) -> Term {
    terms.or(terms.unsignedLess(sum, left), terms.and(carry, terms.equal(sum, left)))
  }

  /// Whether a sum has another sign than both its summands.
  func signedOverflow(_ left: Term, _ right: Term, sum: Term) -> Term {
    let signs = [left, right, sum].map { terms.isNegative($0) }
    return terms.and(terms.xor(signs[0], signs[2]), terms.xor(signs[1], signs[2]))
  }

  /// `left - right - borrow`; sets all status flags.
  mutating func subtract(_ left: Term, _ right: Term, borrow: Term) -> Term {
    let difference = terms.subtract(
      terms.subtract(left, right), terms.bits(borrow, width: terms.width(left)))
    setResultFlags(difference)
    let isEqual = terms.equal(left, right)
    if borrow == terms.false { self[.zf] = isEqual }
    let tie = terms.and(isEqual, borrow)
    self[.cf] = terms.or(terms.unsignedLess(left, right), tie)
    self[.of] = terms.xor(
      terms.or(terms.signedLess(left, right), tie), terms.isNegative(difference))
    self[.af] = auxiliary(left, right, difference)
    return difference
  }

  /// The flags of AND, OR, XOR and TEST.
  mutating func setLogicFlags(_ result: Term, by instruction: Instruction) {
    setResultFlags(result)
    self[.cf] = terms.false
    self[.of] = terms.false
    setUndefined(.af, by: instruction)
  }
}
