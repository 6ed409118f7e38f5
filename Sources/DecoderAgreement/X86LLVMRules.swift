import MachineModel
import X86Model

/// Why LLVM's reading may differ from ours, rule by rule.
enum X86LLVMRules {
  private static let vector = AgreementRule(
    "before VEX or EVEX LLVM does not take 67 for a prefix")
  private static let hints = AgreementRule(
    "the hints 0F 18 to 0F 1E and the prefetches with any operand are no-ops by the manual; LLVM "
      + "knows 0F 1F and some prefetches only")
  private static let movsxd = AgreementRule(
    "the 16-bit MOVSXD reads 16 bits by the manual, 32 for LLVM")
  private static let jecxz = AgreementRule("with REX.W LLVM forgets the 67 of JECXZ")
  private static let pause = AgreementRule(
    "LLVM knows no PAUSE with REX.W, REX.B, 66 or 67 before it")
  private static let widePrefixes = AgreementRule(
    "with REX.W and a further prefix LLVM forgets a 66 that is part of the opcode")
  private static let repeats = AgreementRule(
    "after F2 or F3, and before REX.W, LLVM forgets 66 or 67, which the processor heeds")

  /// The rule by which LLVM refuses, or reads otherwise, what we read as `instruction`.
  static func reading(_ instruction: Instruction, _ code: [UInt8]) -> AgreementRule? {
    let prefixes = code.prefix { prefixBytes.contains($0) }
    let hasRepeat = prefixes.contains(0xF2) || prefixes.contains(0xF3)
    let first = code.dropFirst(prefixes.count).first
    if prefixes.contains(0x67), first == 0xC4 || first == 0xC5 || first == 0x62 { return vector }
    let hasWide = code.contains { $0 & 0xF8 == 0x48 }
    switch instruction.form.mnemonic {
    case "nop", "prefetch", "prefetchw", "prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2":
      return hints
    case "movsxd" where instruction.form.syntax.contains("r16"): return movsxd
    case "jecxz" where hasWide: return jecxz
    case "pause" where code.contains { $0 & 0xF0 == 0x40 } || prefixes.count > 1: return pause
    default:
      let isWide = instruction.form.encoding.hasPrefix("REX.W")
      let isForgotten =
        (hasRepeat || isWide) && prefixes.contains(0x66) || hasRepeat && prefixes.contains(0x67)
      if isForgotten { return repeats }
      return hasWide && prefixes.count > 1 && prefixes.contains(0x66) ? widePrefixes : nil
    }
  }

  static let repeatedLock = AgreementRule(
    "LLVM prints a LOCK that is repeated, or followed by another prefix, on a line of its own, or not at "
      + "all")

  /// Whether a code has a LOCK and further prefixes.
  static func hasLockAmongPrefixes(_ code: [UInt8]) -> Bool {
    let prefixes = code.prefix { prefixBytes.contains($0) }
    return prefixes.count > 1 && prefixes.contains(0xF0)
  }

  private static let prefixBytes: Set<UInt8> = [
    0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65,
  ]

  private static let lock = AgreementRule(
    "LLVM prints LOCK as an instruction of its own, legal or not, and takes more than 15 bytes")
  private static let alone = AgreementRule(
    "LLVM prints a prefix alone, and refuses what follows as we do")
  private static let beforeVector = AgreementRule(
    "66, F2, F3 and REX before VEX and EVEX raise #UD by the manual, which LLVM does not know")

  /// The rule by which LLVM reads what the manual reserves.
  static func accepting(_ code: [UInt8], _ lines: [String]) -> AgreementRule? {
    if code.contains(0xF0) { return lock }
    let words = ["addr32", "data16", "es", "cs", "ds", "ss", "fs", "gs", "rep", "repne", "rex64"]
    if let first = lines.first,
      first.split(separator: " ").allSatisfy({ words.contains(String($0)) })
    {
      return alone
    }
    let rest = code.drop { prefixBytes.contains($0) || $0 & 0xF0 == 0x40 }
    let isVector = rest.first == 0xC4 || rest.first == 0xC5 || rest.first == 0x62
    return isVector && rest.count < code.count ? beforeVector : nil
  }
}
