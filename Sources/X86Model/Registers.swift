import MachineModel

/// The general registers and flags of x86-64 by their encoding numbers.
///
/// Width rules: a write to a 32-bit register clears the upper half, a narrower one keeps the rest
/// (Intel SDM, volume 1, 3.4.1.1).
enum X86Registers {
  private static let legacy = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"]
  static let generalCount = 16

  /// `rax` … `r15` in encoding order.
  static let bits64 = general(64) { $0 < 8 ? "r" + legacy[$0] : "r\($0)" }
  /// `eax` … `r15d`.
  static let bits32 = general(32) { $0 < 8 ? "e" + legacy[$0] : "r\($0)d" }
  /// `ax` … `r15w`.
  static let bits16 = general(16) { $0 < 8 ? legacy[$0] : "r\($0)w" }
  /// `al` … `r15b`, with `spl` `bpl` `sil` `dil`, which need a REX prefix.
  static let bits8 = general(8) { number in
    switch number {
    case 0..<4: String(legacy[number].prefix(1)) + "l"
    case 4..<8: legacy[number] + "l"
    default: "r\(number)b"
    }
  }
  /// `ah` `ch` `dh` `bh`: numbers 4 to 7 without a REX prefix.
  static let highBytes = ["ah", "ch", "dh", "bh"].enumerated().map {
    Register($1, Cell($0), low: 8, width: 8)
  }

  private static func general(_ width: Int, _ name: (Int) -> String) -> [Register] {
    (0..<generalCount).map {
      Register(name($0), Cell($0), width: width, upper: width == 32 ? .zero : .keep)
    }
  }

  /// All registers of `width` bits that a field of an instruction can name.
  static func all(_ width: Int) -> [Register] {
    switch width {
    case 64: bits64
    case 32: bits32
    case 16: bits16
    default: bits8 + highBytes
    }
  }

  /// Register `number` at `width` bits; `hasREX` selects between `ah` and `spl` and their kind.
  static func register(_ number: Int, width: Int, hasREX: Bool) -> Register {
    switch width {
    case 64: bits64[number]
    case 32: bits32[number]
    case 16: bits16[number]
    default: hasREX || number < 4 || number > 7 ? bits8[number] : highBytes[number - 4]
    }
  }

  /// Every register by its name; an XMM register as legacy SSE instructions see it.
  static let byName: [String: Register] = Dictionary(
    uniqueKeysWithValues: (bits64 + bits32 + bits16 + bits8 + highBytes + VectorRegisters.named).map
    { ($0.name, $0) })

  static let flagNames = ["cf", "pf", "af", "zf", "sf", "df", "of"]
  static let flags: [Flag] = flagNames.enumerated().map {
    Flag($1, Cell(generalCount + $0))
  }

  /// The cells: the 64-bit registers, the flags, then the vector and mask registers.
  static let file = RegisterFile(
    bits64.map { RegisterFile.Entry($0.name, .bitVector(64)) }
      + flags.map { RegisterFile.Entry($0.name, .bool) } + VectorRegisters.entries)
}

extension Register {
  /// The number in an instruction's register fields; a high byte counts from 4.
  var number: Int {
    let index = cell?.index ?? 0
    return index < X86Registers.generalCount
      ? index + (low == 8 ? 4 : 0) : index - VectorRegisters.first(bank)
  }

  /// Which registers it is one of.
  var bank: RegisterBank {
    switch cell?.index ?? 0 {
    case ..<X86Registers.generalCount: .general
    case ..<VectorRegisters.first(.mask): .vector
    case ..<VectorRegisters.first(.multimedia): .mask
    default: .multimedia
    }
  }

  /// Whether the register cannot be named in an instruction with a REX prefix.
  var forbidsREX: Bool { low == 8 }

  /// Whether the register is one of `spl` `bpl` `sil` `dil`.
  var needsREX: Bool { width == 8 && low == 0 && (4..<8).contains(number) }

  static let al = X86Registers.bits8[0]
  static let ah = X86Registers.highBytes[0]
  static let cl = X86Registers.bits8[1]
  static let ax = X86Registers.bits16[0]
  static let dx = X86Registers.bits16[2]
  static let bp = X86Registers.bits16[5]
  static let eax = X86Registers.bits32[0]
  static let ecx = X86Registers.bits32[1]
  static let edx = X86Registers.bits32[2]
  static let esi = X86Registers.bits32[6]
  static let edi = X86Registers.bits32[7]
  static let rax = X86Registers.bits64[0]
  static let rcx = X86Registers.bits64[1]
  static let rdx = X86Registers.bits64[2]
  static let rbx = X86Registers.bits64[3]
  static let rsp = X86Registers.bits64[4]
  static let rbp = X86Registers.bits64[5]
  static let rsi = X86Registers.bits64[6]
  static let rdi = X86Registers.bits64[7]

  /// The accumulator at `width` bits.
  static func accumulator(_ width: Int) -> Register {
    X86Registers.register(0, width: width, hasREX: true)
  }

  /// `dx`, `edx` or `rdx`.
  static func data(_ width: Int) -> Register {
    X86Registers.register(2, width: width, hasREX: true)
  }
}

extension Flag {
  static let cf = X86Registers.flags[0]
  static let pf = X86Registers.flags[1]
  static let af = X86Registers.flags[2]
  static let zf = X86Registers.flags[3]
  static let sf = X86Registers.flags[4]
  static let df = X86Registers.flags[5]
  static let of = X86Registers.flags[6]
}

extension Set where Element == Flag {
  /// The flags that arithmetic sets.
  static let status: Set<Flag> = [.cf, .pf, .af, .zf, .sf, .of]
}
