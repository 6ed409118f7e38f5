import MachineModel

/// One row of the tables: a form in the notation of the Intel SDM's opcode tables (volume 2, 3.1.1).
///
/// A row may stand for three with the letters of the SDM's opcode maps (appendix A.2.2): `rv`,
/// `r/mv` and `rAX` are registers of 16, 32 and 64 bits, `immz` and `iz` an immediate of 16, 32 and
/// 32 bits, `+rv` a register in the opcode; the third form gets `REX.W`.
struct Row {
  let syntax: String
  let encoding: String
  /// The CPUID feature flag, as in the SDM's opcode tables; nil for that of the entry.
  let feature: String?

  init(_ syntax: String, _ encoding: String, _ feature: String? = nil) {
    self.syntax = syntax
    self.encoding = encoding
    self.feature = feature
  }

  /// The rows of single forms that this row stands for, narrowest first.
  var expanded: [Row] {
    var isWide = false
    Word.forEach(of: syntax) { if Row.wide.contains($0.bare) { isWide = true } }
    return isWide ? (0..<3).map(at) : [self]
  }

  private static let wide: Set<Word> = ["rv", "r/mv", "rAX"]

  /// Words with letters of the opcode maps: what they stand for at 16, 32 and 64 bits.
  private static let sized: [Word: [String]] = [
    "rv": ["r16", "r32", "r64"], "r/mv": ["r/m16", "r/m32", "r/m64"], "rAX": ["AX", "EAX", "RAX"],
    "immz": ["imm16", "imm32", "imm32"], "iz": ["iw", "id", "id"],
  ]

  /// The row of the form at 16, 32 or 64 bits.
  private func at(_ size: Int) -> Row {
    Row(
      Row.text(syntax, at: size), (size == 2 ? "REX.W + " : "") + Row.text(encoding, at: size),
      feature)
  }

  private static func text(_ text: String, at size: Int) -> String {
    var result = ""
    Word.forEach(of: text) { word in
      let name = word.bare
      if !result.isEmpty { result += " " }
      if let words = sized[name] {
        result += words[size]
      } else if name.hasSuffix("+rv") {
        result += name.prefix(name.count - 2).text + ["rw", "rd", "ro"][size]
      } else {
        result += name.text
      }
      if name != word { result += "," }
    }
    return result
  }
}

/// A family with its rows: what one manual entry, or one condition of it, contributes.
struct Entry {
  let family: Family
  /// The CPUID feature flag of the rows that name none; empty for the base instruction set.
  let feature: String
  let rows: [Row]

  init(_ family: Family, feature: String = "", _ rows: [Row]) {
    self.family = family
    self.feature = feature
    self.rows = rows
  }
}

/// Two upper-case hexadecimal digits.
func hex(_ byte: Int) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count < 2 ? "0" + digits : digits
}
