import MachineModel
import Terms

/// ADD, ADC, SUB, SBB, CMP, INC, DEC, NEG (Intel SDM, volume 2).
extension Tables {
  static let arithmetic: [Entry] = [
    Entry(add, groupRows("add", 0)), Entry(addWithCarry, groupRows("adc", 2)),
    Entry(subtractWithBorrow, groupRows("sbb", 3)), Entry(subtract, groupRows("sub", 5)),
    Entry(compare, groupRows("cmp", 7)), Entry(increment, unaryRows("inc", "FE", "FF", 0)),
    Entry(decrement, unaryRows("dec", "FE", "FF", 1)),
    Entry(negate, unaryRows("neg", "F6", "F7", 3)),
  ]

  /// The rows of the eight instructions of group 1, which differ in bits 5:3 of the opcode or
  /// ModRM.
  static func groupRows(_ name: String, _ number: Int) -> [Row] {
    let opcode = (0..<6).map { hex(number << 3 | $0) }
    return [
      Row("\(name) AL, imm8", "\(opcode[4]) ib"),
      Row("\(name) rAX, immz", "\(opcode[5]) iz"),
      Row("\(name) r/m8, imm8", "80 /\(number) ib"),
      Row("\(name) r/mv, immz", "81 /\(number) iz"),
      Row("\(name) r/mv, imm8", "83 /\(number) ib"),
      Row("\(name) r/m8, r8", "\(opcode[0]) /r"),
      Row("\(name) r/mv, rv", "\(opcode[1]) /r"),
      Row("\(name) r8, r/m8", "\(opcode[2]) /r"),
      Row("\(name) rv, r/mv", "\(opcode[3]) /r"),
    ]
  }

  /// The rows of an instruction with one operand and an opcode extension.
  static func unaryRows(_ name: String, _ byte: String, _ wide: String, _ digit: Int) -> [Row] {
    [Row("\(name) r/m8", "\(byte) /\(digit)"), Row("\(name) r/mv", "\(wide) /\(digit)")]
  }

  private static let add = Family(
    title: "ADD: add", source: "Intel SDM, volume 2, ADD", tier: "T1",
    flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
    state[instruction[0]] = state.add(left, right, carry: state.terms.false)
  }

  private static let addWithCarry = Family(
    title: "ADC: add with carry", source: "Intel SDM, volume 2, ADC", tier: "T1",
    flags: FlagEffects(reads: [.cf], writes: .status)
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
    state[instruction[0]] = state.add(left, right, carry: state[.cf])
  }

  private static let subtract = Family(
    title: "SUB: subtract", source: "Intel SDM, volume 2, SUB", tier: "T1",
    flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
    state[instruction[0]] = state.subtract(left, right, borrow: state.terms.false)
  }

  private static let subtractWithBorrow = Family(
    title: "SBB: subtract with borrow", source: "Intel SDM, volume 2, SBB", tier: "T1",
    flags: FlagEffects(reads: [.cf], writes: .status)
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
    state[instruction[0]] = state.subtract(left, right, borrow: state[.cf])
  }

  private static let compare = Family(
    title: "CMP: compare", source: "Intel SDM, volume 2, CMP", tier: "T1",
    flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
    _ = state.subtract(left, right, borrow: state.terms.false)
  }

  private static let increment = Family(
    title: "INC: increment by 1, CF kept", source: "Intel SDM, volume 2, INC", tier: "T1",
    flags: FlagEffects(writes: Set.status.subtracting([.cf]))
  ) { instruction, state in
    let (old, carry) = (state.read(instruction, 0), state[.cf])
    let one = state.terms.constant(1, width: state.terms.width(old))
    state[instruction[0]] = state.add(old, one, carry: state.terms.false)
    state[.cf] = carry
  }

  private static let decrement = Family(
    title: "DEC: decrement by 1, CF kept", source: "Intel SDM, volume 2, DEC", tier: "T1",
    flags: FlagEffects(writes: Set.status.subtracting([.cf]))
  ) { instruction, state in
    let (old, carry) = (state.read(instruction, 0), state[.cf])
    let one = state.terms.constant(1, width: state.terms.width(old))
    state[instruction[0]] = state.subtract(old, one, borrow: state.terms.false)
    state[.cf] = carry
  }

  private static let negate = Family(
    title: "NEG: two's complement", source: "Intel SDM, volume 2, NEG", tier: "T1",
    flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let old = state.read(instruction, 0)
    let zero = state.terms.constant(0, width: state.terms.width(old))
    state[instruction[0]] = state.subtract(zero, old, borrow: state.terms.false)
  }
}
