import MachineModel
import Terms

/// Operands as lanes, and writing lanes back.
extension MachineState {
  /// The lanes of a register by its arrangement, lane 0 first; a scalar and an element are one.
  func lanes(_ register: Register) -> [Term] {
    terms.lanes(self[register], of: register.laneWidth)
  }

  /// The `count` lanes of operand `index` that an instruction works on: the upper ones where a
  /// register has twice as many, and copies of an element.
  func lanes(_ instruction: Instruction, _ index: Int, count: Int) -> [Term] {
    let lanes = lanes(instruction.register(index))
    if lanes.count == 1 { return Array(repeating: lanes[0], count: count) }
    return Array(lanes.suffix(count))
  }

  /// The number of lanes of the first operand.
  func resultCount(_ instruction: Instruction) -> Int {
    let register = instruction.register(0)
    return register.width / register.laneWidth
  }

  /// Writes all lanes of the first operand, or its upper half where there are half as many lanes.
  mutating func setLanes(_ instruction: Instruction, _ lanes: [Term]) {
    let register = instruction.register(0)
    let value = terms.joined(lanes)
    let missing = register.width - terms.width(value)
    self[register] =
      missing == 0 ? value : terms.concat(value, terms.extract(self[register], missing - 1, 0))
  }

  // MARK: Saturation

  /// How the bits of a result are read.
  enum Signedness: Sendable {
    case signed, unsigned
  }

  /// `exact`, a signed number, or the nearest one that `width` bits hold; sets QC where they differ.
  mutating func saturate(_ exact: Term, to width: Int, _ signedness: Signedness) -> Term {
    let own = terms.width(exact)
    let (result, isExact): (Term, Term)
    switch signedness {
    case .signed:
      result = terms.saturatedSigned(exact, to: width)
      isExact = terms.equal(
        terms.signExtend(terms.extract(exact, width - 1, 0), to: own), exact)
    case .unsigned:
      result = terms.saturatedUnsigned(exact, to: width)
      isExact = terms.equal(
        terms.extract(exact, own - 1, width), terms.constant(0, width: own - width))
    }
    self[ARM64.qc] = terms.or(self[ARM64.qc], terms.not(isExact))
    return result
  }
}

extension TermManager {
  /// `term`, read as `signedness` says, at `width` bits.
  func extend(_ term: Term, _ signedness: MachineState.Signedness, to width: Int) -> Term {
    signedness == .signed ? signExtend(term, to: width) : zeroExtend(term, to: width)
  }

  /// All ones where the condition holds, zero elsewhere.
  func mask(_ condition: Term, width: Int) -> Term {
    ifThenElse(condition, constant(.ones(width)), constant(0, width: width))
  }

  /// The lesser or the greater of two numbers.
  func extreme(
    _ left: Term, _ right: Term, isGreatest: Bool, _ signedness: MachineState.Signedness
  ) -> Term {
    let isLess =
      signedness == .signed ? signedLess(left, right) : unsignedLess(left, right)
    return isGreatest ? ifThenElse(isLess, right, left) : ifThenElse(isLess, left, right)
  }

  /// The distance of two numbers, as an unsigned number of their width.
  func distance(_ left: Term, _ right: Term, _ signedness: MachineState.Signedness) -> Term {
    let isLess =
      signedness == .signed ? signedLess(left, right) : unsignedLess(left, right)
    return ifThenElse(isLess, subtract(right, left), subtract(left, right))
  }

  /// `2 * left * right`, exact, of signed numbers: two bits more than twice as wide.
  func doubledProduct(_ left: Term, _ right: Term) -> Term {
    let width = 2 * self.width(left)
    let product = multiply(signExtend(left, to: width), signExtend(right, to: width))
    return shiftLeft(signExtend(product, to: width + 2), by: 1)
  }

  /// The product of two polynomials over the field of two elements, `width` bits of it.
  func polynomialProduct(_ left: Term, _ right: Term, to width: Int) -> Term {
    let factor = zeroExtend(left, to: width)
    return (0..<self.width(right)).reduce(constant(0, width: width)) { sum, index in
      xor(sum, and(shiftLeft(factor, by: index), mask(bit(right, index), width: width)))
    }
  }

  /// `value` times two to the signed power `count`, rounded down or to the nearest number, halves up;
  /// exact but for lost low bits, as a signed number of `2 * width + 2` bits.
  ///
  /// Shifts to the left stop at the width, where every bit has left it.
  func shifted(
    _ value: Term, by count: Term, rounds: Bool, _ signedness: MachineState.Signedness
  ) -> Term {
    let (width, size) = (self.width(value), 2 * self.width(value) + 2)
    let exact = extend(value, signedness, to: size)
    let amount = signExtend(extract(count, 7, 0), to: 16)
    let isLeft = not(isNegative(amount))
    let left = clamped(amount, to: width)
    let right = clamped(negate(amount), to: width + 1)
    let up = shiftLeft(exact, zeroExtended(left, to: size))
    let down = shiftedRight(exact, by: zeroExtended(right, to: size), rounds: rounds)
    return ifThenElse(isLeft, up, down)
  }

  /// The low bits of a number of 16 bits that is not negative, at `width` bits.
  private func zeroExtended(_ count: Term, to width: Int) -> Term {
    width < 16 ? extract(count, width - 1, 0) : zeroExtend(count, to: width)
  }

  private func clamped(_ count: Term, to limit: Int) -> Term {
    let limit = constant(UInt64(limit), width: width(count))
    return ifThenElse(signedLess(limit, count), limit, count)
  }

  /// `value`, signed and with a bit to spare, shifted right, rounded down or to the nearest, halves
  /// up.
  func shiftedRight(_ value: Term, by count: Term, rounds: Bool) -> Term {
    guard rounds else { return arithmeticShiftRight(value, count) }
    let doubled = arithmeticShiftRight(shiftLeft(value, by: 1), count)
    let one = constant(1, width: width(value))
    return arithmeticShiftRight(add(doubled, one), by: 1)
  }
}
