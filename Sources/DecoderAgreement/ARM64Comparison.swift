import ARM64Model
import MachineModel

/// One word read by us and by another disassembler.
///
/// Its text is read by our assembler: it has to name the form and the operands that we decoded.
struct ARM64Comparison {
  let code: [UInt8]
  let address: UInt64
  /// The other's text; nil where it says that the word is no instruction.
  let theirs: String?
  let rules: ARM64Rules

  var outcome: Outcome {
    do throws(DecodingError) {
      let instruction = try ARM64().decode(code[...], at: address)
      guard let difference = difference(instruction) else { return .same }
      if let rule = rules.reading(instruction, ARM64().text(of: instruction), theirs) {
        return .explained(rule)
      }
      return .different("\(hexText(code)): \(difference)")
    } catch {
      guard let theirs else { return .bothRefuse }
      if error.kind == .unsupported { return .notInTables }
      if let rule = rules.accepting(error, ARM64Corpus.word(code), theirs) {
        return .explained(rule)
      }
      return .different("\(hexText(code)): \(error.reason), the other reads \(theirs)")
    }
  }

  /// How the other's text differs from the instruction that we decoded; nil where it does not.
  private func difference(_ instruction: Instruction) -> String? {
    let arm64 = ARM64()
    let ours = arm64.text(of: instruction)
    guard let theirs else { return "\(ours), the other refuses" }
    guard let parsed = try? arm64.parse(theirs, at: address, labels: [:]) else {
      return "\(ours), cannot read \(theirs)"
    }
    guard parsed.form == instruction.form, parsed.operands == instruction.operands else {
      return "\(ours), the other reads \(theirs)"
    }
    // Places are absolute addresses in our text and offsets in LLVM's.
    if !rules.compareTexts || ours == theirs || isRelative(instruction) { return nil }
    return "\(ours) is printed as \(theirs)"
  }

  private func isRelative(_ instruction: Instruction) -> Bool {
    instruction.operands.contains { operand in
      if case .memory(let memory) = operand { return memory.isRelative }
      return instruction.target != nil
    }
  }

  /// `text` up to where a comment begins, without the spaces before it.
  static func withoutComment(_ text: String, _ mark: Character) -> String {
    guard let comment = text.firstIndex(of: mark) else { return text }
    var result = text[..<comment]
    while result.last == " " || result.last == "\t" { result.removeLast() }
    return String(result)
  }
}

/// Why another disassembler of A64 may differ from us.
enum ARM64Rules {
  case llvm, objdump

  /// Whether the other prefers the same aliases and spellings as we do.
  var compareTexts: Bool { self == .llvm }

  /// The rule by which a text differs from what we read, or by which a word is refused.
  func reading(_ instruction: Instruction, _ ours: String, _ theirs: String?) -> AgreementRule? {
    guard let theirs else { return nil }
    if ours.hasPrefix("hint #"), self == .objdump { return Self.hint }
    if ours.hasPrefix("bfxil"), theirs.hasPrefix("bfc") { return Self.insertion }
    if ours.hasPrefix("movi"), theirs.hasPrefix("movi") { return Self.byteMask }
    return nil
  }

  private static let hint = AgreementRule("a hint that has got a name since, a no-op for us")
  private static let insertion = AgreementRule(
    "the manual has BFXIL where the field stays at bit 0, LLVM writes BFC")
  private static let byteMask = AgreementRule(
    "LLVM writes 14 digits of the constants of MOVI that are masks of bytes, and 0 without 0x")

  /// The rule by which a word is read that we refuse.
  func accepting(
    _ error: DecodingError, _ word: UInt32, _ theirs: String
  ) -> AgreementRule? {
    if error.reason.hasPrefix("UNPREDICTABLE") { return Self.unpredictable }
    let mnemonic = theirs.prefix { $0 != " " }
    if ["smulh", "umulh"].contains(mnemonic), word >> 10 & 31 != 31 { return Self.multiplyHigh }
    return nil
  }

  private static let unpredictable = AgreementRule(
    "CONSTRAINED UNPREDICTABLE encodings are read by others, most with a warning")
  private static let multiplyHigh = AgreementRule(
    "Ra of SMULH and UMULH should be 11111 by the manual, and others ignore it")
}
