/// Machine code written as hexadecimal digits: `48 89 f8 c3`, `0x48, 0x89`, `\x48\x89`; spaces,
/// commas and line ends separate, `;` and `#` begin a comment.
public struct HexText {
  private let text: [UInt8]
  private let file: String
  private var index = 0
  private var line = 1
  private var lineStart = 0

  private init(text: [UInt8], file: String) {
    self.text = text
    self.file = file
  }

  /// The bytes that `text` denotes; an error names the line and column of what it is not.
  public static func parse(_ text: [UInt8], file: String) throws(ObjectFileError) -> [UInt8] {
    var parser = HexText(text: text, file: file)
    return try parser.parse()
  }

  private mutating func parse() throws(ObjectFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\n"):
        index += 1
        line += 1
        lineStart = index
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","):
        index += 1
      case UInt8(ascii: ";"), UInt8(ascii: "#"):
        while index < text.count && text[index] != UInt8(ascii: "\n") { index += 1 }
      default:
        try parseToken(into: &bytes)
      }
    }
    return bytes
  }

  /// Reads `0x5`, `0x48`, `\x48`, or a run of digit pairs.
  private mutating func parseToken(into bytes: inout [UInt8]) throws(ObjectFileError) {
    let start = index
    let isEscape = text[index] == UInt8(ascii: "\\")
    let isPrefixed = isEscape || text[index] == UInt8(ascii: "0")
    if isPrefixed, index + 1 < text.count, text[index + 1] | 0x20 == UInt8(ascii: "x") {
      index += 2
      let digits = takeDigits(atMost: isEscape ? 2 : 3)
      guard (1...2).contains(digits.count) else {
        throw error(at: start, "one byte of one or two hexadecimal digits was expected after 0x")
      }
      bytes.append(digits.reduce(0) { $0 << 4 | $1 })
      return
    }
    let digits = takeDigits(atMost: text.count)
    if digits.isEmpty {
      throw error(
        at: start, "a hexadecimal digit was expected, found '\(printable([text[start]]))'")
    }
    guard digits.count.isMultiple(of: 2) else {
      throw error(at: start, "two hexadecimal digits a byte were expected, found an odd number")
    }
    for pair in stride(from: 0, to: digits.count, by: 2) {
      bytes.append(digits[pair] << 4 | digits[pair + 1])
    }
  }

  /// The values of the digits from `index` on, at most `limit`.
  private mutating func takeDigits(atMost limit: Int) -> [UInt8] {
    var digits: [UInt8] = []
    while index < text.count, digits.count < limit, let value = digit(text[index]) {
      digits.append(value)
      index += 1
    }
    return digits
  }

  /// The value of a hexadecimal digit.
  private func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private func error(at offset: Int, _ message: String) -> ObjectFileError {
    ObjectFileError(
      file: file, position: .text(line: line, column: offset - lineStart + 1), message)
  }
}
