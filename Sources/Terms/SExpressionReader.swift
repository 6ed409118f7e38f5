/// Cuts a text into SMT-LIB tokens.
struct SExpressionReader {
  struct Token {
    enum Kind {
      case open, close
      case atom(SExpression.Kind)
    }

    let kind: Kind
    let position: SourcePosition
    var text = ""
  }

  private let bytes: [UInt8]
  private let file: String
  private var offset = 0
  private var line = 1
  /// The offset that column 1 of this line would have if every character were one byte.
  private var lineStart = 0

  init(text: String, file: String) {
    bytes = Array(text.utf8)
    self.file = file
  }

  var count: Int { bytes.count }

  /// The position of the next character.
  var position: SourcePosition { SourcePosition(line: line, column: offset - lineStart + 1) }

  private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func advance() {
    let byte = bytes[offset]
    offset += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      lineStart = offset
    } else if byte & 0xC0 == 0x80 {
      lineStart += 1
    }
  }

  private func error(_ message: String) -> SpecificationError {
    SpecificationError(.syntax, file: file, at: position, message)
  }

  /// The next token; nil at the end.
  mutating func next() throws(SpecificationError) -> Token? {
    skipBlanks()
    guard let byte = current else { return nil }
    let start = position
    switch byte {
    case UInt8(ascii: "("):
      advance()
      return Token(kind: .open, position: start)
    case UInt8(ascii: ")"):
      advance()
      return Token(kind: .close, position: start)
    case UInt8(ascii: "\""):
      return Token(kind: .atom(.string), position: start, text: try string())
    case UInt8(ascii: "|"):
      return Token(kind: .atom(.quotedSymbol), position: start, text: try quotedSymbol())
    case UInt8(ascii: "#"): return try bits(at: start)
    case UInt8(ascii: ":"):
      advance()
      guard current.map(SExpressionReader.isSymbolic) == true else {
        throw error("expected the name of a keyword after ':'")
      }
      return Token(kind: .atom(.keyword), position: start, text: word())
    case _ where SExpressionReader.isDigit(byte): return try number(at: start)
    case _ where SExpressionReader.isSymbolic(byte):
      return Token(kind: .atom(.symbol), position: start, text: word())
    default: throw error("unexpected character \(name(of: byte))")
    }
  }

  private mutating func skipBlanks() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        advance()
      case UInt8(ascii: ";"):
        while let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
          advance()
        }
      default: return
      }
    }
  }

  /// How to show the character that starts with `byte`.
  private func name(of byte: UInt8) -> String {
    if byte > 32 && byte < 127 { return "'\(Character(Unicode.Scalar(byte)))'" }
    if byte < 128 { return "with code \(byte)" }
    let rest = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
    return "'\(rest.unicodeScalars.prefix(1).map { String($0) }.joined())'"
  }

  // MARK: Atoms

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Whether a simple symbol may contain `byte`.
  static func isSymbolic(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "~!@$%^&*_-+=<>.?/".utf8.contains(byte)
    }
  }

  private mutating func word() -> String {
    let start = offset
    while let byte = current, SExpressionReader.isSymbolic(byte) { advance() }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func number(at start: SourcePosition) throws(SpecificationError) -> Token {
    let text = word()
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isNumber =
      parts.count <= 2
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(SExpressionReader.isDigit) }
    guard isNumber, parts[0].count == 1 || parts[0].first != UInt8(ascii: "0") else {
      throw SpecificationError(
        .syntax, file: file, at: start,
        "expected a number without leading zeros, found '\(text.prefix(40))'")
    }
    let kind: SExpression.Kind = parts.count == 1 ? .numeral : .decimal
    return Token(kind: .atom(kind), position: start, text: text)
  }

  private mutating func bits(at start: SourcePosition) throws(SpecificationError) -> Token {
    advance()
    let isHexadecimal = current == UInt8(ascii: "x")
    guard isHexadecimal || current == UInt8(ascii: "b") else {
      throw SpecificationError(
        .syntax, file: file, at: start, "expected #x and hexadecimal digits, or #b and bits")
    }
    advance()
    let text = word()
    let isGood =
      isHexadecimal
      ? text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
      : text.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }
    guard isGood, !text.isEmpty else {
      let shown = (isHexadecimal ? "#x" : "#b") + text.prefix(40)
      throw SpecificationError(
        .syntax, file: file, at: start,
        "expected \(isHexadecimal ? "hexadecimal digits after #x" : "0s and 1s after #b"), "
          + "found '\(shown)'")
    }
    return Token(
      kind: .atom(isHexadecimal ? .hexadecimal : .binary), position: start, text: text)
  }

  private mutating func string() throws(SpecificationError) -> String {
    let start = position
    advance()
    var text: [UInt8] = []
    while let byte = current {
      if byte == UInt8(ascii: "\"") {
        advance()
        guard current == UInt8(ascii: "\"") else { return String(decoding: text, as: UTF8.self) }
      }
      try refuseControl(byte)
      text.append(byte)
      advance()
    }
    throw error("expected '\"' for the string at \(start), found the end of the file")
  }

  private mutating func quotedSymbol() throws(SpecificationError) -> String {
    let start = position
    advance()
    let first = offset
    while let byte = current {
      if byte == UInt8(ascii: "|") {
        advance()
        return String(decoding: bytes[first..<offset - 1], as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { throw error("a symbol between bars has no backslash") }
      // Two spellings of one character are different symbols to a solver and equal texts to Swift.
      if byte >= 128 {
        throw error("expected symbols of ASCII characters, found \(name(of: byte))")
      }
      try refuseControl(byte)
      advance()
    }
    throw error("expected '|' for the symbol at \(start), found the end of the file")
  }

  private func refuseControl(_ byte: UInt8) throws(SpecificationError) {
    let isBlank = byte == 9 || byte == 10 || byte == 13
    if (byte < 32 && !isBlank) || byte == 127 {
      throw error("unexpected character with code \(byte)")
    }
  }
}
