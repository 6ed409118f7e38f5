import MachineModel

/// A condition of Jcc, SETcc and CMOVcc: its number, and its names, the one that is printed first.
struct Condition: Sendable {
  let number: Int
  let names: [String]

  var name: String { names[0] }

  static let all: [Condition] = [
    ["o"], ["no"], ["b", "c", "nae"], ["ae", "nb", "nc"], ["e", "z"], ["ne", "nz"],
    ["be", "na"], ["a", "nbe"], ["s"], ["ns"], ["p", "pe"], ["np", "po"], ["l", "nge"],
    ["ge", "nl"], ["le", "ng"], ["g", "nle"],
  ].enumerated().map { Condition(number: $0, names: $1) }
}

/// Facts about mnemonics.
enum Mnemonic {
  /// Instructions that LOCK may precede when they write memory (Intel SDM, volume 2, LOCK).
  static let lockable: Set<String> = [
    "adc", "add", "and", "btc", "btr", "bts", "cmpxchg", "cmpxchg8b", "cmpxchg16b", "dec", "inc",
    "neg", "not", "or", "sbb", "sub", "xadd", "xchg", "xor",
  ]

  static let lockableWords = lockable.map { Word($0) }

  /// Prefixes that are words of their own before the mnemonic proper.
  static let prefixWords: Set<String> = ["rep", "repe", "repz", "repne", "repnz", "addr32"]

  static let prefixes = prefixWords.map { Word($0) }

  /// The name of the instruction in a form's syntax, prefixes that are words included.
  static func name(in syntax: String) -> String {
    let first = String(Substring(syntax.utf8.prefix { $0 != UInt8(ascii: " ") }))
    guard prefixWords.contains(first) else { return first }
    let words = syntax.split(separator: " ")
    let count = words.prefix { prefixWords.contains(String($0)) }.count
    return words.prefix(count + 1).joined(separator: " ")
  }

  /// The prefixes under their other names; REP before an instruction that compares is REPE.
  private static func otherPrefixes(_ name: String) -> [String] {
    if name.hasPrefix("repe ") { return ["repz ", "rep "].map { $0 + name.dropFirst(5) } }
    if name.hasPrefix("repne ") { return ["repnz " + name.dropFirst(6)] }
    return []
  }

  /// Other names of one instruction in the manual.
  private static let synonyms: [String: [String]] = {
    var result = ["shl": ["sal"], "xlatb": ["xlat"], "loope": ["loopz"], "loopne": ["loopnz"]]
    for condition in Condition.all {
      for stem in ["j", "set", "cmov"] {
        result[stem + condition.name] = condition.names.dropFirst().map { stem + $0 }
      }
    }
    return result
  }()

  /// The name that is printed: `movabs` for the forms of `mov` with 64-bit constants and addresses.
  static func printed(_ form: Form) -> String {
    let mnemonic = name(in: form.syntax)
    let isAbsolute =
      mnemonic == "mov" && (form.syntax.contains("moffs") || form.syntax.hasSuffix("imm64"))
    return isAbsolute ? "movabs" : mnemonic
  }

  /// All names a form is found by.
  static func names(of form: Form) -> [String] {
    let mnemonic = name(in: form.syntax)
    let printed = printed(form)
    return [mnemonic] + (synonyms[mnemonic] ?? []) + otherPrefixes(mnemonic)
      + (printed == mnemonic ? [] : [printed])
  }
}
