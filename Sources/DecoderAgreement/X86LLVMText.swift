import MachineModel
import Terms
import X86Model

/// One spelling of our text and LLVM's.
enum X86LLVMText {
  /// Whether LLVM's lines say the same as our text.
  static func areAlike(_ ours: String, _ theirs: [String], _ instruction: Instruction) -> Bool {
    theirs.count == 1 && theirs[0] == ours
      || normalized(theirs, instruction) == normalized(ours)
  }

  /// Whether LLVM's lines say the same as our text, the words for LOCK and for prefixes without effect
  /// left out of both.
  static func areAlikeButForPrefixes(
    _ ours: String, _ theirs: [String], _ instruction: Instruction
  ) -> Bool {
    func bare(_ text: String) -> String {
      let words = idlePrefixes + ["lock "]
      var text = text
      while let word = words.first(where: { text.hasPrefix($0) }) { text.removeFirst(word.count) }
      return text
    }
    let lines = theirs.flatMap { $0.split(separator: " ") }.joined(separator: " ")
    return normalized([bare(lines)], instruction) == normalized(bare(ours))
  }

  /// The words that LLVM prints for prefixes which have no effect.
  private static let idlePrefixes = [
    "rep ", "repne ", "data16 ", "cs ", "ds ", "es ", "ss ", "rex64 ", "notrack ", "bnd ",
    "xacquire ", "xrelease ", "repe ",
  ]
  /// Where LLVM has one name for two operand or address sizes, and we have two.
  private static let names = [
    "pushw": "push", "leavew": "leave", "loopd": "loop", "looped": "loope",
    "loopned": "loopne", "xlatbd": "xlatb", "movabs": "mov", "enterw": "enter",
  ]

  /// One spelling of both texts.
  private static func normalized(_ text: String) -> String {
    var text = text
    while text.hasPrefix("lock lock ") { text.removeFirst(5) }
    if text.hasPrefix("lock ") {
      for prefix in idlePrefixes { text = text.replacing("lock " + prefix, with: "lock ") }
    }
    for prefix in idlePrefixes where text.hasPrefix(prefix) {
      return normalized(String(text.dropFirst(prefix.count)))
    }
    // Segments without effect; the index that is none; a shift by one.
    if text.contains(":") {
      for segment in ["cs:", "ds:", "es:", "ss:"] { text = text.replacing(segment, with: "") }
    }
    // We mark an index without a base, which LLVM prints like a base.
    text = text.replacing("[1*", with: "[")
    for scale in ["", "2*", "4*", "8*"] where text.contains("iz") {
      for none in ["riz", "eiz"] {
        text = text.replacing(" + \(scale)\(none)", with: "")
        text = text.replacing("[\(scale)\(none)]", with: "[0]")
        text = text.replacing("[\(scale)\(none) + ", with: "[")
        text = text.replacing("[\(scale)\(none) - ", with: "[-")
      }
    }
    if let string = string(text) { return string }
    let mnemonic = text.prefix { $0 != " " }
    let rest = text.dropFirst(mnemonic.count + 1)
    var operands = rest.split(separator: ",").map { $0.trimming(" ") }
    let name = names[String(mnemonic)] ?? String(mnemonic)
    // The order of operands that does not matter.
    let isNumber = operands.last.map { Int($0) != nil } ?? false
    if name == "xchg" || name == "test", !isNumber { operands.sort() }
    if ["shl", "shr", "sar", "rol", "ror", "rcl", "rcr"].contains(name), operands.last == "1" {
      operands.removeLast()
    }
    return name + " " + operands.joined(separator: ", ")
  }

  /// A string instruction: LLVM writes the operands out, we name 32-bit addresses in a word.
  private static func string(_ text: String) -> String? {
    let isNarrow = text.hasPrefix("addr32 ") || text.contains("[e")
    let words = text.split(separator: " ").drop { $0 == "addr32" }
    guard let name = words.first,
      ["movs", "cmps", "stos", "lods", "scas"].contains(String(name.dropLast())),
      words.dropFirst().allSatisfy({ !$0.contains("mm") })
    else { return nil }
    return (isNarrow ? "addr32 " : "") + name
  }

  /// LLVM names the comparisons of `vpcmpd` and its kind; here their number comes last.
  private static func numbered(_ text: String, _ mnemonic: String) -> String {
    guard mnemonic.hasPrefix("vpcmp") else { return text }
    let suffix = mnemonic.dropFirst(5)
    for (number, name) in ["eq", "lt", "le", "", "neq", "nlt", "nle"].enumerated() {
      let named = "vpcmp\(name)\(suffix) "
      guard !name.isEmpty, text.hasPrefix(named) else { continue }
      return "\(mnemonic) \(text.dropFirst(named.count)), \(number)"
    }
    return text
  }

  /// LLVM prints branch targets as offsets and some immediates unsigned.
  private static func normalized(_ lines: [String], _ instruction: Instruction) -> String {
    var text = numbered(normalized(lines.joined(separator: " ")), instruction.form.mnemonic)
    for operand in instruction.operands {
      switch operand {
      case .immediate(let value):
        for own in [", ", " "] where text.hasSuffix(own + value.decimal) {
          text = text.dropLast(value.decimal.count) + value.signedDecimal
        }
      case .target(let target):
        let offset = Int64(bitPattern: target &- instruction.end)
        if text.hasSuffix(" \(offset)") {
          text = text.dropLast(String(offset).count) + "0x" + String(target, radix: 16)
        }
      case .memory(let memory) where memory.addressWidth == 32 && memory.base == nil:
        // An absolute address of 32 bits, which LLVM prints sign-extended.
        let signed = "[\(Int32(truncatingIfNeeded: memory.displacement))]"
        let unsigned = "[\(UInt32(truncatingIfNeeded: memory.displacement))]"
        if memory.index == nil, !memory.isRelative {
          text = text.replacing(signed, with: unsigned)
        }
      default: break
      }
    }
    return text
  }
}

extension Substring {
  /// Without spaces at both ends.
  func trimming(_ character: Character) -> String {
    var result = drop { $0 == character }
    while result.last == character { result.removeLast() }
    return String(result)
  }
}
