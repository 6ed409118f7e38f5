import MachineModel

/// The numbers that the fields of a form's bytes may hold which name registers, a bit each: those that
/// there are and that a choice allows. All ones for a field that names none.
struct RegisterFields: Sendable {
  /// ModRM.reg and ModRM.rm with their extensions, and the low bits of the opcode.
  private(set) var reg = UInt32.max
  private(set) var rm = UInt32.max
  private(set) var opcode = UInt32.max
  /// The same where there is no REX prefix.
  private(set) var regWithoutREX = UInt32.max
  private(set) var rmWithoutREX = UInt32.max
  private(set) var opcodeWithoutREX = UInt32.max
  /// VEX.vvvv with EVEX.V' above, and EVEX.aaa.
  private(set) var vector = UInt32.max
  private(set) var mask = UInt32.max
  /// The number in the last byte, and whether all registers that no field names are allowed.
  private(set) var last = UInt32.max
  private(set) var allowsFixed = true
  /// The registers of an address.
  private(set) var base = UInt32.max
  private(set) var index = UInt32.max

  init(_ form: Form, _ tables: Tables, _ choice: InstructionChoice) {
    func allowed(_ registers: some Sequence<Register>) -> UInt32 {
      registers.enumerated().reduce(0) { mask, next in
        choice.register?(form, next.element) ?? true ? mask | 1 << UInt32(next.offset) : mask
      }
    }
    func bank(_ first: Int, _ count: Int) -> UInt32 {
      allowed((first..<first + count).map { tables.registers[$0] })
    }
    let plan = tables.plans[form.index]
    for position in Int(plan.firstOperand)..<Int(plan.firstOperand) + Int(plan.operandCount) {
      let operand = tables.operands[position]
      let (first, count) = (Int(operand.bank), Int(operand.registerCount))
      let shift = operand.isByte ? RegisterTable.bytesWithoutREX : 0
      switch operand.kind {
      case .register:
        reg &= bank(first, count)
        regWithoutREX &= bank(first + shift, count)
      case .registerOrMemory:
        if tables.patterns[form.index].allowsRegister {
          // Where there is no fifth bit it makes no difference.
          let width: UInt32 = operand.isExtended ? 32 : 16
          let fields = (bank(first, count), bank(first + shift, count))
          rm &= fields.0 | fields.0 << width
          rmWithoutREX &= fields.1 | fields.1 << width
        }
      case .opcodeRegister:
        opcode &= bank(first, count)
        opcodeWithoutREX &= bank(first + shift, count)
      case .vector: vector &= bank(first, count)
      case .mask: mask &= bank(RegisterTable.masks, 8)
      case .immediateRegister: last &= bank(first, count)
      case .fixed: allowsFixed = allowsFixed && bank(first, 1) == 1
      case .one, .offset, .immediate, .relative, .zeroing: break
      }
    }
    guard choice.register != nil, plan.traits.contains(.hasModRM) else { return }
    base = bank(RegisterTable.bits64, 16) | UInt32.max << 16
    let isVector = !plan.traits.isDisjoint(with: [.hasIndices128, .hasIndices256])
    let indices = isVector ? RegisterTable.vectors : RegisterTable.bits64
    index = bank(indices, 16) | UInt32.max << 16
  }

  /// All of them.
  var words: [UInt64] {
    let pairs = [
      (reg, regWithoutREX), (rm, rmWithoutREX), (opcode, opcodeWithoutREX), (vector, mask),
      (base, index), (last, allowsFixed ? 1 : 0),
    ]
    return pairs.map { UInt64($0) << 32 | UInt64($1) }
  }

  /// Bits of REX on which it depends what a form's fields may hold, 0x40 for whether there is one.
  func looksAtREX(isEVEX: Bool) -> UInt8 {
    var result: UInt8 = 0
    if RegisterFields.differs(reg, by: 8) { result |= 4 }
    if RegisterFields.differs(rm, by: 8) || RegisterFields.differs(base, by: 8)
      || RegisterFields.differs(opcode, by: 8)
    {
      result |= 1
    }
    if index != .max || isEVEX && RegisterFields.differs(rm, by: 16) { result |= 2 }
    if reg != regWithoutREX || rm != rmWithoutREX || opcode != opcodeWithoutREX { result |= 0x40 }
    return result
  }

  /// Whether adding `step`, a power of two, to a number makes a difference.
  private static func differs(_ mask: UInt32, by step: UInt32) -> Bool {
    let low: UInt32 = step == 8 ? 0x00FF_00FF : 0x0000_FFFF
    return (mask >> step ^ mask) & low != 0
  }
}
