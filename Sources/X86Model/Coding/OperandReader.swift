import MachineModel

/// An operand's pattern as decoding reads it: a few bytes without references.
struct OperandReader: Sendable {
  enum Kind: UInt8, Sendable {
    /// `bank` is the register.
    case fixed
    case one
    /// A register in the low bits of the opcode, in ModRM.reg, in VEX.vvvv, or in bits 7:4 of an
    /// immediate byte; `bank` is where register 0 is.
    case opcodeRegister, register, vector, immediateRegister
    /// ModRM.rm as a register or as memory.
    case registerOrMemory
    case offset, immediate, relative
    case mask, zeroing
  }

  let kind: Kind
  /// Whether a REX prefix decides which registers there are.
  let isByte: Bool
  /// Whether EVEX has a fifth bit for the register of ModRM.rm.
  let isExtended: Bool
  /// How many registers there are.
  let registerCount: UInt8
  /// A position in `RegisterTable`.
  let bank: UInt16
  /// The width of memory, of the element that is broadcast, and of a constant.
  let width: UInt16
  let broadcast: UInt16
  /// The bytes of a constant.
  let byteCount: UInt8

  init(_ operand: OperandPattern, of pattern: Pattern) {
    var byteCount = 0
    var bank = RegisterTable.first(operand)
    switch operand.place {
    case .fixed(let register):
      kind = .fixed
      bank = RegisterTable.position(of: register)
    case .one: kind = .one
    case .register: kind = pattern.addsRegister ? .opcodeRegister : .register
    case .vector: kind = .vector
    case .registerOrMemory, .memory: kind = .registerOrMemory
    case .offset: kind = .offset
    case .immediate(let bits):
      kind = .immediate
      byteCount = bits / 8
    case .relative(let bits):
      kind = .relative
      byteCount = bits / 8
    case .immediateRegister: kind = .immediateRegister
    case .mask: kind = .mask
    case .zeroing: kind = .zeroing
    }
    isByte = operand.bank == .general && operand.registerWidth == 8
    isExtended = operand.bank == .vector && pattern.map.isEVEX
    registerCount = UInt8(operand.registerCount(isEVEX: pattern.map.isEVEX))
    self.bank = UInt16(bank)
    width = UInt16(operand.width)
    broadcast = UInt16(operand.broadcast)
    self.byteCount = UInt8(byteCount)
  }
}

/// All registers that fields of instructions name, so that reading one is one look-up.
enum RegisterTable {
  /// Where the first of each kind is; sixteen, 32 or eight follow.
  static let bits64 = 0
  static let bits32 = 16
  static let bits16 = 32
  static let bits8 = 48
  /// The bytes as instructions without REX see them: sixteen after those with it.
  static let bytesWithoutREX = 16
  /// XMM registers as legacy instructions see them, XMM, YMM and ZMM: as many of each.
  static let vectors = 80
  static let masks = vectors + 4 * VectorRegisters.count

  static let all: [Register] =
    X86Registers.bits64 + X86Registers.bits32 + X86Registers.bits16 + X86Registers.bits8
    + (0..<16).map { X86Registers.register($0, width: 8, hasREX: false) }
    + VectorRegisters.legacy + VectorRegisters.bits128 + VectorRegisters.bits256
    + VectorRegisters.bits512 + VectorRegisters.masks + VectorRegisters.multimedia

  static func position(of register: Register) -> Int {
    guard let position = all.firstIndex(of: register) else {
      preconditionFailure("\(register) is in no field")
    }
    return position
  }

  /// Where the registers of an operand begin; zero for one that is none.
  static func first(_ operand: OperandPattern) -> Int {
    switch (operand.bank, operand.registerWidth) {
    case (.general, 32): bits32
    case (.general, 16): bits16
    case (.general, 8): bits8
    case (.general, _): bits64
    case (.vector, 128): vectors + (operand.upper == .keep ? 0 : VectorRegisters.count)
    case (.vector, 256): vectors + 2 * VectorRegisters.count
    case (.vector, _): vectors + 3 * VectorRegisters.count
    case (.mask, _): masks
    case (.multimedia, _): masks + VectorRegisters.maskCount
    }
  }
}
