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
