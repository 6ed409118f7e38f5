import MachineModel

/// A row understood: what bytes the form has, and where its operands are in them.
struct Pattern: Sendable {
  /// Which bytes come before the opcode byte, or which VEX.mmmmm, or which EVEX.mmm.
  enum Map: Int, Sendable {
    case oneByte, map0F, map0F38, map0F3A, vex0F, vex0F38, vex0F3A, evex0F, evex0F38, evex0F3A

    /// The escape bytes.
    var escape: [UInt8] {
      switch self {
      case .map0F: [0x0F]
      case .map0F38: [0x0F, 0x38]
      case .map0F3A: [0x0F, 0x3A]
      default: []
      }
    }

    /// Whether prefix, W and length are in a VEX or an EVEX prefix.
    var isVEX: Bool { rawValue >= Map.vex0F.rawValue }
    var isEVEX: Bool { rawValue >= Map.evex0F.rawValue }
    /// The number of the map in a VEX or EVEX prefix; zero for the others.
    var number: UInt8 {
      isVEX ? UInt8(rawValue - (isEVEX ? Map.evex0F : Map.vex0F).rawValue + 1) : 0
    }
    static let count = 10
  }

  /// VEX.W or EVEX.W.
  enum Wide: Sendable {
    case zero, one
    /// `WIG`
    case ignored
  }

  /// What the row says about F2 and F3.
  enum Repeat: UInt8, Sendable {
    /// They change nothing.
    case ignored
    /// `NFx` or `NP`: with them it is another instruction.
    case forbidden
    case required2, required3
  }

  /// The ModRM byte, if there is one.
  enum ModRM: Sendable, Hashable {
    case none
    /// `/r`
    case register
    /// `/0` … `/7`
    case digit(Int)
    /// A byte of the opcode.
    case fixed(UInt8)
  }

  /// Effective operand sizes: bit 0 for 16, bit 1 for 32, bit 2 for 64.
  typealias Sizes = UInt8

  /// The last word of the mnemonic, prefixes that are words before it.
  var mnemonic = Word()
  var map = Map.oneByte
  var opcode: UInt8 = 0
  var repeats = Repeat.ignored
  var needs66 = false
  /// `NP`: 66 makes it another instruction, with REX.W as well.
  var forbids66 = false
  var needs67 = false
  var rexW = false
  var sizes: Sizes = 7
  var modRM = ModRM.none
  /// Whether the low three bits of the opcode name a register.
  var addsRegister = false
  var allowsRegister = true
  var allowsMemory = true
  /// VEX.pp: 0 for none, 1 for 66, 2 for F3, 3 for F2.
  var vexPrefix = 0
  var vexWide = Wide.zero
  /// VEX.L or EVEX.L'L: 0 for 128 bits, 1 for 256, 2 for 512; nil where it is ignored (`LIG`).
  var vexLength: Int? = 0
  /// `MVR`, `MR`: the reg field of ModRM comes last.
  var registerIsLast = false
  /// Bytes of all immediates, offsets of branches included.
  var immediateBytes = 0
  var operands: [OperandPattern] = []
  /// A form without operands whose opcode is also `90+r`: it is meant only with REX.B clear.
  var needsClearB = false
  /// The `90+r` form of such a pair: register 0 is the other form.
  var excludesZero = false

  /// The width of the operation: of the first operand, 64 where that is an immediate.
  var width: Int {
    guard let first = operands.first else { return rexW ? 64 : needs66 ? 16 : 32 }
    if case .immediate = first.place { return needs66 ? 16 : 64 }
    return first.width
  }

  var hasModRM: Bool { modRM != .none }
}

/// What is wrong with a row; a programming error in the tables.
struct NotationError: Error {
  let reason: String
}

extension Pattern {
  /// - Throws: `NotationError` for a word that is not in the notation.
  init(syntax: [Word], encoding: [Word], _ lexicon: inout Lexicon) throws(NotationError) {
    try takeOperands(syntax, &lexicon)
    var hasOpcode = false
    for word in encoding { take(try lexicon.code(word), &hasOpcode) }
    try placeRegisters(syntax)
    deriveSizes()
    deriveModRM()
    deriveImmediates()
    deriveIndexed()
  }

  private mutating func take(_ code: CodeWord, _ hasOpcode: inout Bool) {
    switch code {
    case .redundant: break
    case .noPrefix:
      repeats = .forbidden
      forbids66 = true
    case .noRepeat: repeats = .forbidden
    case .wide: rexW = true
    case .modRM(let modRM): self.modRM = modRM
    case .registersOnly: allowsMemory = false
    case .registerLast: registerIsLast = true
    case .vector(let vector):
      map = vector.map
      vexPrefix = vector.prefix
      vexLength = vector.length
      vexWide = vector.wide
      if vexWide == .one { rexW = true }
    case .byte(let byte): take(byte, &hasOpcode)
    case .opcodeWithRegister(let byte):
      opcode = byte
      addsRegister = true
      hasOpcode = true
    }
  }

  private mutating func take(_ byte: UInt8, _ hasOpcode: inout Bool) {
    switch (byte, map) {
    case _ where hasOpcode: modRM = .fixed(byte)
    case (0x66, .oneByte): needs66 = true
    case (0x67, .oneByte): needs67 = true
    case (0xF2, .oneByte): repeats = .required2
    case (0xF3, .oneByte): repeats = .required3
    case (0x0F, .oneByte): map = .map0F
    case (0x38, .map0F): map = .map0F38
    case (0x3A, .map0F): map = .map0F3A
    default:
      opcode = byte
      hasOpcode = true
    }
  }

  /// Which effective operand sizes the row is for. A 64-bit operand without REX.W is the default
  /// of stack and branch instructions: W is ignored there and 66 is not.
  private mutating func deriveSizes() {
    // In the vector maps F2 and F3 are part of the opcode, before REX.W as well.
    if hasVectors, !map.isVEX, repeats == .ignored { repeats = .forbidden }
    if rexW {
      sizes = 4
    } else if map.isVEX {
      sizes = vexWide == .ignored ? 7 : 3
    } else if hasVectors {
      // 66 is part of the opcode as well, and F2 and F3 win over it.
      sizes = 7
      return
    } else if needs66 {
      sizes = 1
    } else if let first = operands.first {
      switch first.place {
      case .immediate, .relative, .one: break
      default:
        switch first.width {
        case 16: sizes &= 1
        case 32: sizes &= 2
        case 64: sizes &= 6
        default: break
        }
      }
    }
    if needs66 || sizes == 1 { needs66 = true }
  }

  private mutating func deriveModRM() {
    for operand in operands where operand.place == .memory { allowsRegister = false }
    if case .fixed = modRM { allowsMemory = false }
  }

  /// Opcodes whose byte immediate is sign-extended to the operation's width (Intel SDM, volume 2,
  /// PUSH, IMUL and the arithmetic group 83).
  private static func signExtendsByte(_ opcode: UInt8) -> Bool {
    opcode == 0x6A || opcode == 0x6B || opcode == 0x83
  }

  private mutating func deriveImmediates() {
    for index in operands.indices {
      switch operands[index].place {
      case .immediate(let bits):
        immediateBytes += bits / 8
        let isByte =
          bits == 8 && map == .oneByte && Pattern.signExtendsByte(opcode)
        let isHalf = bits == 32 && width == 64
        if isByte || isHalf { operands[index].width = width }
      case .relative(let bits): immediateBytes += bits / 8
      case .immediateRegister: immediateBytes += 1
      default: break
      }
    }
  }

  /// Whether an immediate of fewer bits than its width is what the instruction holds.
  static func signExtends(_ operand: OperandPattern) -> Bool {
    if case .immediate(let bits) = operand.place { return bits < operand.width }
    return false
  }
}
