/// Small fields whose values have names in assembly.
enum NamedCode: Sendable {
  case prefetch, barrier

  /// Condition names by number (Arm ARM, C1.2.4).
  static let conditions = [
    "eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv",
  ]

  /// The number of a condition's name, synonyms included.
  static func condition(_ name: String) -> Int? {
    switch name {
    case "cs": 2
    case "cc": 3
    default: conditions.firstIndex(of: name)
    }
  }

  /// The name of a value, if it has one.
  func name(_ value: Int) -> String? {
    switch self {
    case .prefetch:
      let type = ["pld", "pli", "pst"]
      let target = ["l1", "l2", "l3"]
      guard value >> 3 < 3, value >> 1 & 3 < 3 else { return nil }
      return type[value >> 3] + target[value >> 1 & 3] + (value & 1 == 0 ? "keep" : "strm")
    case .barrier:
      let domains = ["osh", "nsh", "ish", "sy"]
      let types = [nil, "ld", "st", ""]
      guard let type = types[value & 3] else { return nil }
      let domain = domains[value >> 2]
      if domain == "sy" { return type.isEmpty ? "sy" : type }
      return domain + type
    }
  }

  /// The value that `name` stands for.
  func value(_ name: String) -> Int? { values.first { self.name($0) == name } }

  /// What the field can hold.
  private var values: Range<Int> {
    switch self {
    case .prefetch: 0..<32
    case .barrier: 0..<16
    }
  }
}
