import MachineModel
import X86Model

/// Why Zydis's reading may differ from ours.
enum ZydisRules {
  /// Words before a mnemonic that Zydis does not count as part of it.
  static let prefixes: Set<String> = ["lock", "addr32", "rep", "repe", "repne"]

  /// Where Zydis has another name for our mnemonic.
  static let names: [String: String] = {
    var result = [
      "movabs": "mov", "xlatb": "xlat", "xlatbd": "xlat", "leavew": "leave", "enterw": "enter",
      "pushw": "push", "loopd": "loop", "looped": "loope", "loopned": "loopne",
    ]
    let conditions = ["ae": "nb", "e": "z", "ne": "nz", "a": "nbe", "ge": "nl", "g": "nle"]
    for (ours, theirs) in conditions {
      for stem in ["j", "set", "cmov"] { result[stem + ours] = stem + theirs }
    }
    return result
  }()

  /// Zydis's text without what means nothing: the second operand of a no-op.
  static func plain(_ text: String) -> String {
    guard text.hasPrefix("nop "), let comma = text.lastIndex(of: ",") else { return text }
    return String(text[..<comma])
  }

  private static let hints = AgreementRule(
    "a hint of the reserved no-ops 0F 18 to 0F 1F that has got a name since; a no-op where the CPU "
      + "does not know it")
  private static let movsxd = AgreementRule(
    "the 16-bit MOVSXD reads 16 bits by the manual, 32 for Zydis")

  private static let cacheLine = AgreementRule(
    "a flush of a cache line names a byte in the manual, the whole line for Zydis")
  private static let signs = AgreementRule(
    "with REX.W Zydis names the 64-bit register, whose upper half is zero as it is without")
  private static let gather = AgreementRule(
    "a gather two of whose registers are the same is #UD: a fault of the instruction for us, no "
      + "instruction for Zydis")
  private static let trap = AgreementRule(
    "UD1 traps whatever its operands are; they have 32 bits for Zydis and the operand size for LLVM "
      + "and us")
  private static let thirteen = AgreementRule(
    "base 101 of a SIB byte is none under mod 0, whatever REX.B is; Zydis 4.0 names r13 and takes "
      + "the displacement nevertheless")
  private static let knightsCorner = AgreementRule(
    "bit 2 of the second byte after 62 must be 1; Zydis reads an instruction of Knights Corner")

  /// The rule by which Zydis refuses what we read as `instruction`.
  static func refusing(_ instruction: Instruction, _ code: [UInt8]) -> AgreementRule? {
    guard instruction.form.mnemonic.contains("gather"),
      case .register(let destination) = instruction[0], case .memory(let memory) = instruction[1],
      case .register(let mask) = instruction[2], let index = memory.index
    else { return nil }
    return Set([destination.cell, index.cell, mask.cell]).count < 3 ? gather : nil
  }

  /// The rule by which Zydis reads `theirs` instead of `instruction`.
  static func reading(
    _ instruction: Instruction, _ code: [UInt8], _ theirs: String
  ) -> AgreementRule? {
    for case .memory(let memory) in instruction.operands
    where memory.base == nil && !memory.isRelative && theirs.contains("[r13") {
      return thirteen
    }
    return switch instruction.form.mnemonic {
    case "nop": hints
    case "movmskps", "movmskpd", "vmovmskps", "vmovmskpd", "pmovmskb", "vpmovmskb": signs
    case "clflush", "clflushopt", "clwb": cacheLine
    case "ud1": trap
    case "movsxd" where instruction.form.syntax.contains("r16"): movsxd
    default: nil
    }
  }

  /// The rule by which Zydis reads as `theirs` what the manual reserves.
  static func accepting(_ code: [UInt8], _ theirs: String) -> AgreementRule? {
    guard let start = code.firstIndex(of: 0x62), start + 2 < code.count else { return nil }
    return code[start + 2] & 4 == 0 ? knightsCorner : nil
  }
}
