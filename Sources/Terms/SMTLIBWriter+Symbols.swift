extension SMTLIBWriter {
  /// Words that a symbol must not be: SMT-LIB's own and those of the theories.
  private static let taken: Set<String> = Set(
    ["_", "!", "as", "let", "exists", "forall", "match", "par", "true", "false", "=>", "distinct"]
      + ["BINARY", "DECIMAL", "HEXADECIMAL", "NUMERAL", "STRING", "Bool", "BitVec", "Array"]
      + Operator.allCases.flatMap {
        [$0.smtlibName(onBooleans: true), $0.smtlibName(onBooleans: false)].compactMap { $0 }
      })

  /// `name` as a symbol: as it is, in bars, or changed where no notation allows it.
  ///
  /// Different names become different symbols unless they hold bars, backslashes or control
  /// characters, which become underscores.
  public static func symbol(_ name: String) -> String {
    // A quoted symbol is the symbol of its content, so that bars alone do not free a taken word.
    if taken.contains(name) || isCommand(name) { return "|\(name) |" }
    if isSimple(name) { return name }
    let content = name.unicodeScalars.map { scalar -> Character in
      let allowed = scalar.value >= 32 && scalar.value != 127 && scalar != "|" && scalar != "\\"
      return allowed ? Character(scalar) : "_"
    }
    return "|\(String(content))|"
  }

  /// Names of commands and of bit-vector operators that terms are not made of.
  private static func isCommand(_ name: String) -> Bool {
    let starts = [
      "bv", "assert", "check-", "declare-", "define-", "get-", "set-", "reset", "rotate_",
    ]
    let words = ["push", "pop", "echo", "exit", "extract", "repeat", "const", "sign_extend"]
    return starts.contains { name.hasPrefix($0) } || words.contains(name) || name == "zero_extend"
  }

  private static func isSimple(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first), first != UInt8(ascii: "@"),
      first != UInt8(ascii: ".")
    else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122: true
      default: "~!@$%^&*_-+=<>.?/".utf8.contains(byte)
      }
    }
  }
}
