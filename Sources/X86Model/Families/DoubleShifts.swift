import MachineModel
import Terms

/// SHLD, SHRD, RCL, RCR (Intel SDM, volume 2).
extension Tables {
  static let doubleShifts: [Entry] = [
    Entry(
      doubleShift("SHLD: double precision shift left", left: true), doubleRows("shld", "A4", "A5")),
    Entry(
      doubleShift("SHRD: double precision shift right", left: false), doubleRows("shrd", "AC", "AD")
    ),
    Entry(rotation("RCL: rotate left through carry", left: true), shiftRows("rcl", 2)),
    Entry(rotation("RCR: rotate right through carry", left: false), shiftRows("rcr", 3)),
  ]

  private static func doubleRows(_ name: String, _ byte: String, _ count: String) -> [Row] {
    [
      Row("\(name) r/mv, rv, imm8", "0F \(byte) /r ib"),
      Row("\(name) r/mv, rv, CL", "0F \(count) /r"),
    ]
  }

  private static func doubleShift(_ title: String, left: Bool) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T1b",
      flags: FlagEffects(
        writes: Set.status.subtracting([.af]), undefined: .status)
    ) { instruction, state in
      let value = state.read(instruction, 0)
      let filler = state.read(instruction, 1)
      let count = state.read(instruction, 2)
      state[instruction[0]] = state.doubleShift(
        left: left, value, filler, by: count, instruction)
    }
  }

  private static func rotation(_ title: String, left: Bool) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2, RCL/RCR/ROL/ROR", tier: "T1b",
      flags: FlagEffects(reads: [.cf], writes: [.cf, .of], undefined: [.of])
    ) { instruction, state in
      let (value, count) = (state.read(instruction, 0), state.read(instruction, 1))
      state[instruction[0]] = state.rotateThroughCarry(
        left: left, value, by: count, instruction)
    }
  }
}

extension MachineState {
  /// Shifts `value` by `count`, filling from `filler`. With 16 bits and a count above 16 the result
  /// and the flags are undefined.
  mutating func doubleShift(
    left: Bool, _ value: Term, _ filler: Term, by count: Term, _ instruction: Instruction
  ) -> Term {
    let width = terms.width(value)
    let count = masked(count, width: width)
    if count.isZero == terms.true { return value }
    let both = left ? terms.concat(value, filler) : terms.concat(filler, value)
    let wide = terms.zeroExtend(count.value, to: 2 * width)
    let before = terms.subtract(wide, terms.constant(1, width: 2 * width))
    let shifted = left ? terms.shiftLeft(both, wide) : terms.logicalShiftRight(both, wide)
    var result =
      left ? terms.extract(shifted, 2 * width - 1, width) : terms.extract(shifted, width - 1, 0)
    let carry =
      left
      ? terms.isNegative(terms.shiftLeft(both, before))
      : terms.bit(terms.logicalShiftRight(both, before), 0)
    let isLarge = terms.unsignedLess(terms.constant(UInt64(width), width: width), count.value)
    let overflow = terms.xor(terms.isNegative(value), terms.isNegative(result))
    if isLarge != terms.false {
      let unknown = undefined(.bitVector(width), "\(instruction.form.mnemonic) by a large count")
      result = terms.ifThenElse(isLarge, unknown, result)
    }
    let flags: [(Flag, Term)] = [
      (.cf, carry), (.sf, terms.isNegative(result)), (.pf, parity(result)),
      (.zf, terms.equal(result, terms.constant(0, width: width))),
    ]
    for (flag, term) in flags {
      set(
        flag, undefinedFlag(flag, when: isLarge, otherwise: term, instruction),
        unless: count.isZero)
    }
    setLateFlags(overflow, count, instruction)
    return result
  }

  /// OF, which is defined for a count of one, and AF, which never is.
  private mutating func setLateFlags(
    _ overflow: Term, _ count: Count, _ instruction: Instruction
  ) {
    set(
      .of,
      undefinedFlag(.of, when: terms.not(count.isOne), otherwise: overflow, instruction),
      unless: count.isZero)
    set(
      .af, undefinedFlag(.af, when: terms.true, otherwise: terms.false, instruction),
      unless: count.isZero)
  }

  /// A rotation of the operand with CF as one more bit: by the count modulo 9 or 17 for 8 and 16
  /// bits.
  mutating func rotateThroughCarry(
    left: Bool, _ value: Term, by count: Term, _ instruction: Instruction
  ) -> Term {
    let width = terms.width(value)
    let size = width + 1
    let count = masked(count, width: width)
    if count.isZero == terms.true { return value }
    let full = terms.zeroExtend(count.value, to: size)
    let limit = terms.constant(UInt64(size), width: size)
    let turn = width < 32 ? terms.unsignedRemainder(full, limit) : full
    let rest = terms.subtract(limit, turn)
    let carry = terms.ifThenElse(
      self[.cf], terms.constant(1, width: 1), terms.constant(0, width: 1))
    let whole = terms.concat(carry, value)
    let rotated =
      left
      ? terms.or(terms.shiftLeft(whole, turn), terms.logicalShiftRight(whole, rest))
      : terms.or(terms.logicalShiftRight(whole, turn), terms.shiftLeft(whole, rest))
    let result = terms.extract(rotated, width - 1, 0)
    let newCarry = terms.isNegative(rotated)
    let overflow =
      left
      ? terms.xor(terms.isNegative(result), newCarry)
      : terms.xor(terms.isNegative(result), terms.bit(result, width - 2))
    self[.cf] = newCarry
    set(
      .of,
      undefinedFlag(.of, when: terms.not(count.isOne), otherwise: overflow, instruction),
      unless: count.isZero)
    return result
  }
}
