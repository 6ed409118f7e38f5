import MachineModel

/// The forms of instructions seen in a corpus of real code, the most frequent first.
public struct FormList: Sendable {
  /// A form: a mnemonic with kinds of operands.
  public struct Entry: Sendable {
    /// The position in the list, from 1.
    public let rank: Int
    public let name: String
    /// The tier of the plan: `T1 core`.
    public let tier: String
    /// How often it occurs.
    public let count: Int
    /// The functions and the leaf functions that it occurs in.
    public let functions: Int
    public let leaves: Int
    /// One encoding that occurs.
    public let example: [UInt8]
  }

  /// A tier of the plan.
  public struct Tier: Sendable {
    public let name: String
    /// The share of the corpus's leaf functions (duplicates and BLAS left out) that use no form of a
    /// later tier, in percent as it was measured; nil where it was not.
    public let measured: String?
  }

  /// In the order of the plan.
  public let tiers: [Tier]
  public let entries: [Entry]

  private static let header = "name\ttier\tcount\tfunctions\tleaf\texample"

  /// The list that `text` is, tabs between the columns, after a line `tier` for each tier; nil if it
  /// is none.
  public init?(text: String) {
    let lines = text.split(separator: "\n")
    let head = lines.prefix { $0.hasPrefix("tier\t") }.map { $0.split(separator: "\t") }
    guard head.allSatisfy({ $0.count == 3 }), head.count < lines.count,
      lines[head.count] == FormList.header
    else { return nil }
    tiers = head.map { Tier(name: String($0[1]), measured: $0[2] == "-" ? nil : String($0[2])) }
    var entries: [Entry] = []
    for (index, line) in lines.dropFirst(head.count + 1).enumerated() {
      let fields = line.split(separator: "\t")
      guard fields.count == 6, let count = Int(fields[2]), let functions = Int(fields[3]),
        let leaves = Int(fields[4]), let example = FormList.bytes(fields[5])
      else { return nil }
      entries.append(
        Entry(
          rank: index + 1, name: String(fields[0]), tier: String(fields[1]), count: count,
          functions: functions, leaves: leaves, example: example))
    }
    self.entries = entries
  }

  private static func bytes(_ hex: Substring) -> [UInt8]? {
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  /// The functions and leaf functions of the corpus that return, as far as the list tells: those
  /// with a `ret`.
  var returning: (functions: Int, leaves: Int) {
    let found = entries.first { $0.name == "ret" }
    return (found?.functions ?? 0, found?.leaves ?? 0)
  }
}

extension FormList.Entry {
  /// The tier, of several the first.
  var plainTier: String { tier.split(separator: "|").first.map(String.init) ?? tier }

  /// Whether the example is x86-64 code with a segment of its own (FS, GS), which is no part of the
  /// form.
  func hasSegment(in architecture: any Architecture) -> Bool {
    architecture.name == "x86-64" && example.first.map { $0 == 0x64 || $0 == 0x65 } == true
  }

  /// Why `architecture` does not have the example, a segment left out; nil if it does.
  func reason(in architecture: any Architecture) -> String? {
    let example = hasSegment(in: architecture) ? Array(example.dropFirst()) : example
    do {
      let instruction = try architecture.decode(example[...], at: 0x40_0000)
      return instruction.length == example.count
        ? nil : "only \(instruction.length) of its bytes are read"
    } catch {
      return error.reason
    }
  }
}
