import MachineModel
import Terms

/// Shifts and rotations by masked counts with their flags (Intel SDM, volume 2, SAL/SAR/SHL/SHR,
/// RCL/RCR/ROL/ROR).
extension MachineState {
  /// A shift count: the masked value at the operand's width.
  struct Count {
    let value: Term
    let isZero: Term
    let isOne: Term
  }

  /// The low five bits of `count`, six for 64-bit operands, as a value of `width` bits.
  func masked(_ count: Term, width: Int) -> Count {
    let low = terms.extract(count, width == 64 ? 5 : 4, 0)
    let bits = terms.width(low)
    return Count(
      value: terms.zeroExtend(low, to: width),
      isZero: terms.equal(low, terms.constant(0, width: bits)),
      isOne: terms.equal(low, terms.constant(1, width: bits)))
  }

  /// Sets a flag unless the count is zero.
  mutating func set(_ flag: Flag, _ value: Term, unless isZero: Term) {
    self[flag] = terms.ifThenElse(isZero, self[flag], value)
  }

  /// Leaves a flag undefined when `condition` holds, and `value` otherwise.
  func undefinedFlag(
    _ flag: Flag, when condition: Term, otherwise value: Term, _ instruction: Instruction
  ) -> Term {
    if condition == terms.false { return value }
    let unknown = undefined(.bool, "\(flag.name) after \(instruction.form.mnemonic)")
    return terms.ifThenElse(condition, unknown, value)
  }

  enum Shift {
    case left, right, arithmeticRight
  }

  /// A shift of `value` by `count` (8 bits); sets the flags that the count allows.
  mutating func shift(
    _ direction: Shift, _ value: Term, by count: Term, _ instruction: Instruction
  ) -> Term {
    let width = terms.width(value)
    let count = masked(count, width: width)
    let before = terms.subtract(count.value, terms.constant(1, width: width))
    let (result, carry, overflow): (Term, Term, Term)
    switch direction {
    case .left:
      result = terms.shiftLeft(value, count.value)
      carry = terms.isNegative(terms.shiftLeft(value, before))
      overflow = terms.xor(terms.isNegative(result), carry)
    case .right:
      result = terms.logicalShiftRight(value, count.value)
      carry = terms.bit(terms.logicalShiftRight(value, before), 0)
      overflow = terms.isNegative(value)
    case .arithmeticRight:
      result = terms.arithmeticShiftRight(value, count.value)
      carry = terms.bit(terms.arithmeticShiftRight(value, before), 0)
      overflow = terms.false
    }
    if count.isZero == terms.true { return value }
    let isLarge =
      direction == .arithmeticRight
      ? terms.false
      : terms.not(terms.unsignedLess(count.value, terms.constant(UInt64(width), width: width)))
    set(
      .cf, undefinedFlag(.cf, when: isLarge, otherwise: carry, instruction),
      unless: count.isZero)
    setShiftFlags(result, overflow, count, instruction)
    return result
  }

  /// OF (defined for a count of one), AF (never) and the flags of the result.
  private mutating func setShiftFlags(
    _ result: Term, _ overflow: Term, _ count: Count, _ instruction: Instruction
  ) {
    set(
      .of,
      undefinedFlag(.of, when: terms.not(count.isOne), otherwise: overflow, instruction),
      unless: count.isZero)
    set(
      .af, undefinedFlag(.af, when: terms.true, otherwise: terms.false, instruction),
      unless: count.isZero)
    set(.sf, terms.isNegative(result), unless: count.isZero)
    set(
      .zf, terms.equal(result, terms.constant(0, width: terms.width(result))),
      unless: count.isZero)
    set(.pf, parity(result), unless: count.isZero)
  }

  /// A rotation to the left or right by `count` (8 bits); sets CF and OF.
  mutating func rotate(
    left: Bool, _ value: Term, by count: Term, _ instruction: Instruction
  ) -> Term {
    let width = terms.width(value)
    let count = masked(count, width: width)
    if count.isZero == terms.true { return value }
    let result: Term
    if let amount = terms.value(count.value)?.low {
      let turn = Int(amount) % width
      result = terms.rotateLeft(value, by: left ? turn : width - turn)
    } else {
      result =
        left ? terms.rotateLeft(value, count.value) : terms.rotateRight(value, count.value)
    }
    let sign = terms.isNegative(result)
    let carry = left ? terms.bit(result, 0) : sign
    let overflow = terms.xor(sign, left ? carry : terms.bit(result, width - 2))
    set(.cf, carry, unless: count.isZero)
    set(
      .of,
      undefinedFlag(.of, when: terms.not(count.isOne), otherwise: overflow, instruction),
      unless: count.isZero)
    return result
  }
}
