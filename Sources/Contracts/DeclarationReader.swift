import Terms

/// Cuts the text of a declaration (a C prototype or a fragment's line) into tokens with positions.
struct DeclarationReader {
  struct Token {
    enum Kind {
      case word, number, punctuation, end
    }

    let kind: Kind
    let text: String
    let position: SourcePosition
    /// Where it is in the text, in Unicode scalars.
    let range: Range<Int>

    /// How to show it in a message.
    var shown: String { kind == .end ? "the end of the declaration" : "'\(text.prefix(40))'" }
  }

  /// The longest declaration that is read, in Unicode scalars.
  static let lengthLimit = 20_000

  let file: String
  private let scalars: [Unicode.Scalar]
  private var tokens: [Token] = []
  private var next = 0
  /// How many parentheses of the length being read are open.
  var openParentheses = 0

  init(
    _ text: String, file: String, at start: SourcePosition
  ) throws(SpecificationError) {
    self.file = file
    scalars = Array(text.unicodeScalars)
    guard scalars.count <= DeclarationReader.lengthLimit else {
      throw SpecificationError(
        .limit, file: file, at: start,
        "a declaration has at most \(DeclarationReader.lengthLimit) characters")
    }
    try cut(from: start)
  }

  private mutating func cut(from start: SourcePosition) throws(SpecificationError) {
    var (line, column, offset) = (start.line, start.column, 0)
    while offset < scalars.count {
      let scalar = scalars[offset]
      let first = offset
      let position = SourcePosition(line: line, column: column)
      if scalar == "\n" {
        (line, column, offset) = (line + 1, 1, offset + 1)
        continue
      }
      if scalar == " " || scalar == "\t" || scalar == "\r" {
        (column, offset) = (column + 1, offset + 1)
        continue
      }
      let kind: Token.Kind
      if DeclarationReader.isWord(scalar) {
        while offset < scalars.count, DeclarationReader.isWord(scalars[offset]) { offset += 1 }
        kind = scalar.value >= 48 && scalar.value <= 57 ? .number : .word
      } else if "()[]{},;:*+-/%<>=.&|!".unicodeScalars.contains(scalar) {
        offset += 1
        kind = .punctuation
      } else {
        throw SpecificationError(
          .syntax, file: file, at: position,
          "unexpected character "
            + (scalar.value < 32 ? "with code \(scalar.value)" : "'\(scalar)'"))
      }
      column += offset - first
      add(kind, first..<offset, position)
    }
    add(.end, offset..<offset, SourcePosition(line: line, column: column))
  }

  private mutating func add(
    _ kind: Token.Kind, _ range: Range<Int>, _ position: SourcePosition
  ) {
    tokens.append(
      Token(kind: kind, text: text(range), position: position, range: range))
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }

  /// The characters in `range`.
  func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  // MARK: Reading

  /// The token to read next; after the last one the end.
  var current: Token { tokens[next] }

  /// The token after the current one.
  var following: Token { tokens[min(next + 1, tokens.count - 1)] }

  /// The token read last.
  var previous: Token { tokens[max(next - 1, 0)] }

  @discardableResult
  mutating func advance() -> Token {
    let token = tokens[next]
    if next < tokens.count - 1 { next += 1 }
    return token
  }

  func isAt(_ text: String) -> Bool { current.kind != .end && current.text == text }

  /// Skips `text` if it comes next.
  mutating func skip(_ text: String) -> Bool {
    guard isAt(text) else { return false }
    advance()
    return true
  }

  /// A mistake at `token`, or at the current one.
  func error(
    _ kind: SpecificationError.Kind, _ message: String, at token: Token? = nil
  ) -> SpecificationError {
    SpecificationError(kind, file: file, at: (token ?? current).position, message)
  }

  /// A mistake of syntax.
  func error(_ message: String, at token: Token? = nil) -> SpecificationError {
    error(.syntax, message, at: token)
  }

  /// Skips `text` or fails.
  mutating func expect(_ text: String, _ context: String = "") throws(SpecificationError) {
    if !skip(text) { throw error("expected '\(text)'\(context), found \(current.shown)") }
  }
}
