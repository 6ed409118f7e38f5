/// A JSON value as a reader finds it.
indirect enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The value that `text` is; nil for anything else.
  init?(_ text: String) {
    var reader = JSONReader(text)
    guard let value = reader.value() else { return nil }
    reader.skip()
    guard reader.isAtEnd else { return nil }
    self = value
  }

  subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  var number: Double? {
    if case .number(let value) = self { return value }
    return nil
  }

  var array: [JSONValue]? {
    if case .array(let values) = self { return values }
    return nil
  }

  var object: [String: JSONValue]? {
    if case .object(let members) = self { return members }
    return nil
  }
}

/// Reads JSON text.
private struct JSONReader {
  private let text: [UInt8]
  private var index = 0

  init(_ text: String) { self.text = Array(text.utf8) }

  var isAtEnd: Bool { index == text.count }

  mutating func skip() {
    while index < text.count, [0x20, 0x0a, 0x0d, 0x09].contains(text[index]) { index += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skip()
    guard text[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  mutating func value() -> JSONValue? {
    skip()
    if take("{") { return object() }
    if take("[") { return array() }
    if take("\"") { return string().map { .string($0) } }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    if take("null") { return .null }
    let digits = text[index...].prefix { "+-.0123456789eE".utf8.contains($0) }
    index += digits.count
    return Double(String(decoding: digits, as: UTF8.self)).map { .number($0) }
  }

  private mutating func object() -> JSONValue? {
    var members: [String: JSONValue] = [:]
    if take("}") { return .object(members) }
    repeat {
      guard take("\""), let key = string(), take(":"), let value = value(),
        members.updateValue(value, forKey: key) == nil
      else { return nil }
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array() -> JSONValue? {
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat {
      guard let value = value() else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? .array(values) : nil
  }

  private mutating func string() -> String? {
    var bytes: [UInt8] = []
    while index < text.count {
      let byte = text[index]
      index += 1
      if byte == UInt8(ascii: "\"") { return String(validating: bytes, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      guard index < text.count else { return nil }
      index += 1
      switch text[index - 1] {
      case UInt8(ascii: "n"): bytes.append(0x0a)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "r"): bytes.append(0x0d)
      case UInt8(ascii: "u"):
        let digits = String(decoding: text[index...].prefix(4), as: UTF8.self)
        guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
          return nil
        }
        bytes += Array(String(scalar).utf8)
        index += 4
      case let other: bytes.append(other)
      }
    }
    return nil
  }
}
