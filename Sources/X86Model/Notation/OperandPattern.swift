import MachineModel

/// One operand of a form as its syntax names it: where it is encoded, and its width in bits.
struct OperandPattern: Sendable, Hashable {
  enum Place: Sendable, Hashable {
    /// `r32`: the reg field of ModRM, or the low bits of the opcode.
    case register
    /// `r32b`: VEX.vvvv.
    case vector
    /// `r/m32`: the rm field of ModRM as a register or as memory.
    case registerOrMemory
    /// `m32`, or `m` for an address only: the rm field of ModRM as memory.
    case memory
    /// `moffs32`: an address in the instruction.
    case offset
    /// `AL`: a register that the opcode implies.
    case fixed(Register)
    /// `1`: the constant one.
    case one
    /// `imm8`: so many bits in the instruction.
    case immediate(Int)
    /// `rel8`: so many bits in the instruction, relative to its end.
    case relative(Int)
    /// The fourth register of a VEX instruction: bits 7:4 of an immediate byte (`/is4`).
    case immediateRegister
    /// `{k1}`: EVEX.aaa.
    case mask
    /// `{z}`: EVEX.z.
    case zeroing
  }

  var place: Place
  /// The width at which the instruction uses the operand, of memory where it may be that; zero for
  /// an address.
  var width: Int
  /// The width of the register, where it may be one.
  var registerWidth: Int
  var bank = RegisterBank.general
  /// What a write does to the bits above an XMM register.
  var upper = Register.Upper.zero
  /// The width of the element that memory may hold instead of a whole vector (`m32bcst`); zero for
  /// an operand without.
  var broadcast = 0
  /// `vm32x`: the widths of the vector register with the indices of an address, and of its elements;
  /// zero for an operand without.
  var indexWidth = 0
  var indexElementWidth = 0
  /// Whether the place of a vector register is still to be found from its position.
  var isUnplaced = false

  var isModRM: Bool { place == .registerOrMemory || place == .memory }

  init(_ place: Place, width: Int) {
    self.place = place
    self.width = width
    registerWidth = width
  }

  /// The operand that `word` names; nil for a word that is not in the notation.
  init?(_ word: Substring) {
    if let first = word.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first),
      let register = X86Registers.byName[word.lowercased()]
    {
      self.init(.fixed(register), width: register.width)
      bank = register.bank
      return
    }
    if word == "1" {
      self.init(.one, width: 8)
      return
    }
    if word == "m" {
      self.init(.memory, width: 0)
      return
    }
    if let slash = word.firstIndex(of: "/"), !word.hasPrefix("r/") {
      self.init(register: word[..<slash], memory: word[word.index(after: slash)...])
    } else {
      self.init(plain: word)
    }
  }

  private init?(plain word: Substring) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let start = word.utf8.firstIndex(where: digits.contains) ?? word.endIndex
    let end = word.utf8[start...].firstIndex { !digits.contains($0) } ?? word.endIndex
    let (name, suffix) = (String(word[..<start]), String(word[end...]))
    guard let width = Int(word[start..<end]) else { return nil }
    if name == "vm", let indices = OperandPattern.indexWidth(suffix) {
      self.init(.memory, width: 0)
      indexWidth = indices
      indexElementWidth = width
      return
    }
    guard suffix.isEmpty || suffix == "a" || suffix == "b" else { return nil }
    switch name {
    case "r": self.init(suffix == "b" ? .vector : .register, width: width)
    case "r/m": self.init(.registerOrMemory, width: width)
    case "m": self.init(.memory, width: width)
    case "moffs": self.init(.offset, width: width)
    case "imm": self.init(.immediate(width), width: width)
    case "rel": self.init(.relative(width), width: 64)
    default:
      guard let (bank, width) = OperandPattern.bank(name) else { return nil }
      self.init(.register, width: width)
      self.bank = bank
      isUnplaced = true
    }
  }

  /// `xmm2/m64` or `zmm3/m512/m32bcst`: a register, or memory of a width of its own.
  private init?(register: Substring, memory: Substring) {
    self.init(plain: register)
    let parts = memory.split(separator: "/")
    guard let first = parts.first, first.first == "m", let width = Int(first.dropFirst()) else {
      return nil
    }
    place = .registerOrMemory
    isUnplaced = false
    self.width = width
    if parts.count > 1 {
      guard parts[1].hasSuffix("bcst"), let element = Int(parts[1].dropFirst().dropLast(4)) else {
        return nil
      }
      broadcast = element
    }
  }

  /// Registers that are named without a place: `xmm1`, `k2`.
  private static func bank(_ name: String) -> (RegisterBank, Int)? {
    switch name {
    case "xmm": (.vector, 128)
    case "ymm": (.vector, 256)
    case "zmm": (.vector, 512)
    case "k": (.mask, 64)
    case "mm": (.multimedia, 64)
    default: nil
    }
  }

  /// The width of a vector of indices by the last letter of its word: `vm32x`, `vm64y`.
  private static func indexWidth(_ letter: String) -> Int? {
    switch letter {
    case "x": 128
    case "y": 256
    case "z": 512
    default: nil
    }
  }

  /// How many registers the bank has for a field of a legacy or VEX instruction, or of an EVEX one.
  func registerCount(isEVEX: Bool) -> Int {
    switch bank {
    case .general: 16
    case .vector: isEVEX ? 32 : 16
    case .mask, .multimedia: 8
    }
  }
}
