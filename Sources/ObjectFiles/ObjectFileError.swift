/// What is wrong with an input file, and where in it.
public struct ObjectFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A place in a file.
  public enum Position: Sendable, Hashable {
    /// A byte, counted from 0.
    case byte(UInt64)
    /// A character of a text file; both counted from 1, the column in bytes.
    case text(line: Int, column: Int)
  }

  /// The file's name as the user gave it.
  public let file: String
  /// Where the fault is, when it is at one place.
  public let position: Position?
  /// What was found and what was expected.
  public let message: String

  package init(file: String, position: Position? = nil, _ message: String) {
    self.file = file
    self.position = position
    self.message = message
  }

  /// One line: the file, the place and the message.
  public var description: String {
    switch position {
    case nil: "\(file): \(message)"
    case .byte(let offset): "\(file): byte \(hexadecimal(offset)): \(message)"
    case .text(let line, let column): "\(file):\(line):\(column): \(message)"
    }
  }
}

/// `value` in the notation `0x1f`.
func hexadecimal(_ value: UInt64) -> String {
  "0x" + String(value, radix: 16)
}

/// Bytes of a file as text that is safe on a terminal: at most 200 characters, control and
/// malformed characters escaped.
func printable(_ bytes: some Collection<UInt8>) -> String {
  var text = ""
  for scalar in String(decoding: bytes.prefix(200), as: UTF8.self).unicodeScalars {
    let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
    let isFormat = scalar.properties.generalCategory == .format
    if isControl || isFormat {
      text += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      text.unicodeScalars.append(scalar)
    }
  }
  return bytes.count > 200 ? text + "..." : text
}
