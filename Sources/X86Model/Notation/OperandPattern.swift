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
  }

  let place: Place
  /// The width at which the instruction uses the operand; zero for an address.
  var width: Int

  var isModRM: Bool { place == .registerOrMemory || place == .memory }

  init(_ place: Place, width: Int) {
    self.place = place
    self.width = width
  }

  /// The operand that `word` names; nil for a word that is not in the notation.
  init?(_ word: Substring) {
    if let register = X86Registers.byName[word.lowercased()], word.first?.isUppercase == true {
      self.init(.fixed(register), width: register.width)
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
    let name = word.prefix { !$0.isNumber }
    let digits = word.dropFirst(name.count).prefix { $0.isNumber }
    let suffix = word.dropFirst(name.count + digits.count)
    guard let width = Int(digits), suffix.isEmpty || suffix == "a" || suffix == "b" else {
      return nil
    }
    switch name {
    case "r": self.init(suffix == "b" ? .vector : .register, width: width)
    case "r/m": self.init(.registerOrMemory, width: width)
    case "m": self.init(.memory, width: width)
    case "moffs": self.init(.offset, width: width)
    case "imm": self.init(.immediate(width), width: width)
    case "rel": self.init(.relative(width), width: 64)
    default: return nil
    }
  }
}
