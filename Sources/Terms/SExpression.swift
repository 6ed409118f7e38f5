/// A node of a parsed script: an atom with its text, or a list of nodes.
struct SExpression {
  enum Kind: UInt8 {
    case list
    /// A symbol as it stands, and one between bars (without them), which is never reserved.
    case symbol, quotedSymbol
    /// `:name`, without the colon.
    case keyword
    /// Between quotes, with doubled quotes made single.
    case string
    case numeral, decimal
    /// `#x…` and `#b…`, without the prefix.
    case hexadecimal, binary

    /// What a reader would call it.
    var words: String {
      switch self {
      case .list: "a list"
      case .symbol, .quotedSymbol: "a symbol"
      case .keyword: "a keyword"
      case .string: "a string"
      case .numeral: "a numeral"
      case .decimal: "a decimal"
      case .hexadecimal, .binary: "a bit-vector"
      }
    }
  }

  let kind: Kind
  let position: SourcePosition
  /// The text of an atom; empty for a list.
  let text: String
  /// Where a list's children are in `SExpressionForest.children`.
  let children: Range<Int>

  /// Whether it may name something.
  var isSymbol: Bool { kind == .symbol || kind == .quotedSymbol }

  /// How to show it in a message.
  var shown: String {
    switch kind {
    case .list: "(…)"
    case .keyword: ":" + text
    case .string: "a string"
    case .hexadecimal: "#x" + abbreviated
    case .binary: "#b" + abbreviated
    case .symbol, .quotedSymbol, .numeral, .decimal: abbreviated
    }
  }

  private var abbreviated: String { text.count > 40 ? text.prefix(40) + "…" : text }
}

/// The expressions of a text. Flat, so that neither depth nor release recurses.
struct SExpressionForest {
  let file: String
  private(set) var nodes: [SExpression] = []
  private(set) var children: [Int] = []
  /// The expressions at the top, in order.
  private(set) var roots: [Int] = []
  /// The position after the last character.
  fileprivate(set) var end = SourcePosition.start

  /// The deepest nesting and the longest text that are read.
  static let depthLimit = 1_000
  static let byteLimit = 4 << 20

  init(_ text: String, file: String) throws(SpecificationError) {
    self.file = file
    var reader = SExpressionReader(text: text, file: file)
    guard reader.count <= SExpressionForest.byteLimit else {
      throw SpecificationError(
        .limit, file: file, at: .start,
        "the file has \(reader.count) bytes; at most \(SExpressionForest.byteLimit) are read")
    }
    try read(&reader)
    end = reader.position
  }

  subscript(index: Int) -> SExpression { nodes[index] }

  /// The children of a list; none for an atom.
  func children(of index: Int) -> ArraySlice<Int> { children[nodes[index].children] }

  private mutating func read(_ reader: inout SExpressionReader) throws(SpecificationError) {
    var opened: [(position: SourcePosition, from: Int)] = []
    var pending: [Int] = []
    while let token = try reader.next() {
      switch token.kind {
      case .open:
        guard opened.count < SExpressionForest.depthLimit else {
          throw SpecificationError(
            .limit, file: file, at: token.position,
            "parentheses are nested deeper than \(SExpressionForest.depthLimit)")
        }
        opened.append((token.position, pending.count))
        continue
      case .close:
        guard let last = opened.popLast() else {
          throw SpecificationError(
            .syntax, file: file, at: token.position, "expected a command, found ')'")
        }
        let range = children.count..<children.count + pending.count - last.from
        children.append(contentsOf: pending[last.from...])
        pending.removeSubrange(last.from...)
        nodes.append(
          SExpression(kind: .list, position: last.position, text: "", children: range))
      case .atom(let kind):
        nodes.append(
          SExpression(kind: kind, position: token.position, text: token.text, children: 0..<0))
      }
      if opened.isEmpty { roots.append(nodes.count - 1) } else { pending.append(nodes.count - 1) }
    }
    if let last = opened.last {
      throw SpecificationError(
        .syntax, file: file, at: reader.position,
        "expected ')' for the '(' at \(last.position), found the end of the file")
    }
  }
}
