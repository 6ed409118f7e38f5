import MachineModel

/// What the decoder needs of a form's pattern, in a few words without references.
struct Plan: Sendable {
  /// Facts that change what is done besides reading the operands.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt32

    static let hasModRM = Traits(rawValue: 1 << 0)
    static let addsRegister = Traits(rawValue: 1 << 1)
    /// 67 is part of the form, or of one of its operands.
    static let needs67 = Traits(rawValue: 1 << 2)
    static let hasOffset = Traits(rawValue: 1 << 3)
    static let rexW = Traits(rawValue: 1 << 4)
    static let needsClearB = Traits(rawValue: 1 << 5)
    static let ignoresLength = Traits(rawValue: 1 << 6)
    static let usesVector = Traits(rawValue: 1 << 7)
    static let usesFifthBit = Traits(rawValue: 1 << 8)
    static let isLockable = Traits(rawValue: 1 << 9)
    static let isNearBranch = Traits(rawValue: 1 << 10)
    /// A byte register is in the reg field or the opcode, or in the rm field.
    static let hasByteRegister = Traits(rawValue: 1 << 11)
    static let hasByteRM = Traits(rawValue: 1 << 12)
    /// The form's memory is not an operand, and 67 would change its address.
    static let storesAtRDI = Traits(rawValue: 1 << 13)
    /// The index of the form's address is a vector, of 256 bits or of 128.
    static let hasIndices256 = Traits(rawValue: 1 << 14)
    static let hasIndices128 = Traits(rawValue: 1 << 15)
    /// The stack protector's guard may be the operand in memory, which has 64 bits and is only read.
    static let readsStackGuard = Traits(rawValue: 1 << 16)
  }

  var traits: Traits = []
  /// Where the form's operands begin in `Tables.operands`, and how many they are.
  let firstOperand: UInt16
  let operandCount: UInt8
  let immediateBytes: UInt8
  /// What a displacement of one byte counts in, and with broadcast.
  let unit: UInt8
  let broadcastUnit: UInt8
  /// The canonical legacy prefixes, without and with 67.
  let prefixes: UInt16
  let prefixesWith67: UInt16

  private static let maskedStore: Word = "maskmovdqu"
  /// What compilers read the stack protector's guard with.
  private static let guardReaders: [Word] = ["mov", "sub", "xor", comparison]
  private static let comparison: Word = "cmp"

  init(_ form: Form, _ pattern: Pattern, firstOperand: Int) {
    self.firstOperand = UInt16(firstOperand)
    operandCount = UInt8(pattern.operands.count)
    immediateBytes = UInt8(pattern.immediateBytes)
    unit = UInt8(pattern.displacementUnit(isBroadcast: false))
    broadcastUnit = UInt8(pattern.displacementUnit(isBroadcast: true))
    prefixes = UInt16(Layout.canonical(pattern, has67: false, isLocked: false))
    prefixesWith67 = UInt16(Layout.canonical(pattern, has67: true, isLocked: false))
    func set(_ trait: Traits, if condition: Bool) { if condition { traits.insert(trait) } }
    func has(_ test: (OperandPattern) -> Bool) -> Bool { pattern.operands.contains(where: test) }
    set(.hasModRM, if: pattern.hasModRM)
    set(.addsRegister, if: pattern.addsRegister)
    set(.needs67, if: pattern.needs67)
    set(.hasOffset, if: has { $0.place == .offset })
    set(.rexW, if: pattern.rexW)
    set(.needsClearB, if: pattern.needsClearB)
    set(.ignoresLength, if: pattern.map.isVEX && pattern.vexLength == nil)
    set(.usesVector, if: has { $0.place == .vector })
    // The reg field of ModRM names a vector register, of which EVEX has 32.
    set(.usesFifthBit, if: has { $0.place == .register && $0.bank == .vector })
    set(
      .isLockable,
      if: pattern.operands.first?.isModRM ?? false
        && Mnemonic.lockableWords.contains(pattern.mnemonic))
    set(.isNearBranch, if: form.family.flow.isNearBranch)
    set(.hasByteRegister, if: has { $0.registerWidth == 8 && $0.place == .register })
    set(.storesAtRDI, if: pattern.mnemonic.hasSuffix(Plan.maskedStore))
    set(.hasIndices256, if: pattern.indexWidth == 256)
    set(.hasIndices128, if: pattern.indexWidth == 128)
    set(
      .readsStackGuard,
      if: pattern.width == 64 && Plan.guardReaders.contains(pattern.mnemonic)
        && has { $0.place == .registerOrMemory } && has { $0.place == .register }
        && (pattern.operands[0].place == .register || pattern.mnemonic == Plan.comparison))
    set(.hasByteRM, if: has { $0.registerWidth == 8 && $0.place == .registerOrMemory })
  }
}

/// A form that the bytes at some opcode may have.
struct Candidate: Sendable {
  let allowed: Signature
  let form: UInt16
  /// The ModRM byte where that is part of the opcode; 256 for any.
  let modRM: UInt16
}
