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
    let words = syntax.split(separator: " ")
    guard words.contains(where: { Row.wide.contains(Row.bare($0)) }) else { return [self] }
    return [16, 32, 64].map { at(width: $0) }
  }

  private static let wide: Set<Substring> = ["rv", "r/mv", "rAX"]

  private static func bare(_ word: Substring) -> Substring {
    word.last == "," ? word.dropLast() : word
  }

  private func at(width: Int) -> Row {
    let operands = syntax.split(separator: " ").map { word -> String in
      let name = Row.bare(word)
      return Row.operand(name, width) + (word.count > name.count ? "," : "")
    }
    let codes = encoding.split(separator: " ").map { Row.code($0, width) }
    return Row(
      operands.joined(separator: " "),
      (width == 64 ? "REX.W + " : "") + codes.joined(separator: " "), feature)
  }

  private static func operand(_ word: Substring, _ width: Int) -> String {
    switch word {
    case "rv": "r\(width)"
    case "r/mv": "r/m\(width)"
    case "rAX": width == 16 ? "AX" : width == 32 ? "EAX" : "RAX"
    case "immz": width == 16 ? "imm16" : "imm32"
    default: String(word)
    }
  }

  private static func code(_ word: Substring, _ width: Int) -> String {
    if word == "iz" { return width == 16 ? "iw" : "id" }
    guard word.hasSuffix("+rv") else { return String(word) }
    return word.dropLast(2) + (width == 16 ? "rw" : width == 32 ? "rd" : "ro")
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
