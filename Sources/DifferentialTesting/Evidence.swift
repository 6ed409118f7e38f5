/// What differential tests showed: how many states each row was compared in, and on what.
///
/// As text, one line a row, tabs between the columns: the oracle's letter, states, mismatches, the
/// form's syntax and encoding. Lines `oracle`, letter, name come first.
public struct Evidence: Sendable, Hashable {
  /// A row by its two strings.
  public struct Key: Sendable, Hashable {
    public let syntax: String
    public let encoding: String

    public init(syntax: String, encoding: String) {
      self.syntax = syntax
      self.encoding = encoding
    }
  }

  /// The result for one row.
  public struct Result: Sendable, Hashable {
    /// The machine: a CPU's name, or an emulator's.
    public let oracle: String
    public let states: Int
    public let mismatches: Int

    public init(oracle: String, states: Int, mismatches: Int) {
      self.oracle = oracle
      self.states = states
      self.mismatches = mismatches
    }
  }

  public private(set) var results: [Key: Result] = [:]

  public init() {}

  public subscript(key: Key) -> Result? {
    get { results[key] }
    set { results[key] = newValue }
  }

  /// The names of the machines, sorted.
  public var oracles: [String] { Set(results.values.map(\.oracle)).sorted() }

  // MARK: Text

  private static let heading = "# Rows compared with a machine; written by `make silicon`."

  /// The evidence that `text` is; nil if it is none.
  public init?(text: String) {
    var oracles: [Substring: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      if fields.count == 3, fields[0] == "oracle" {
        oracles[fields[1]] = String(fields[2])
        continue
      }
      guard fields.count == 5, let oracle = oracles[fields[0]], let states = Int(fields[1]),
        let mismatches = Int(fields[2])
      else { return nil }
      results[Key(syntax: String(fields[3]), encoding: String(fields[4]))] = Result(
        oracle: oracle, states: states, mismatches: mismatches)
    }
  }

  /// The text, the rows in the order of `keys`; those not among them are left out.
  public func text(of keys: [Key]) -> String {
    let known = keys.compactMap { key in results[key].map { (key, $0) } }
    let names = Set(known.map(\.1.oracle)).sorted()
    let letters = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, Evidence.letter($0)) })
    var lines = [Evidence.heading]
    lines += names.map { "oracle\t\(letters[$0] ?? "")\t\($0)" }
    lines += known.map { key, result in
      "\(letters[result.oracle] ?? "")\t\(result.states)\t\(result.mismatches)\t"
        + "\(key.syntax)\t\(key.encoding)"
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func letter(_ index: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return index < letters.count ? String(letters[index]) : "Z\(index)"
  }
}
