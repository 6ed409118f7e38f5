import MachineModel

/// An entry of the manual: the rows of its forms and what they do.
struct Entry: Sendable {
  let family: Family
  /// The architectural feature that the rows need; empty for Armv8.0-A's base instructions.
  let feature: String
  let rows: [Row]

  /// An entry of the Arm ARM's list of base instructions (C6.2), or of Advanced SIMD and
  /// floating-point instructions (C7.2) where the tier says so.
  init(
    _ title: String, tier: String = "A1", feature: String = "", flags: FlagEffects = FlagEffects(),
    flow: Flow = .sequential, _ rows: [Row],
    execute: @escaping @Sendable (Instruction, inout MachineState) -> Void
  ) {
    self.feature = feature
    self.rows = rows
    family = Family(
      title: title, source: "Arm ARM, \(tier < "A3" ? "C6.2" : "C7.2"), \(title)", tier: tier,
      flags: flags, flow: flow,
      execute: execute)
  }
}

/// A form: its assembly syntax and its bit diagram, both in the manual's notation.
struct Row: Sendable {
  let syntax: String
  let encoding: String

  init(_ syntax: String, _ encoding: String) {
    self.syntax = syntax
    self.encoding = encoding
  }
}

/// Encodings that have no row, and why.
struct UnsupportedArea: Sendable {
  let title: String
  let encoding: String
  /// Whether the manual calls them UNPREDICTABLE; or else it allocates them.
  let isUnpredictable: Bool

  init(_ title: String, _ encoding: String, isUnpredictable: Bool = false) {
    self.title = title
    self.encoding = encoding
    self.isUnpredictable = isUnpredictable
  }
}
