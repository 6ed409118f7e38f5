/// A JSON value whose objects keep the order of their keys.
package indirect enum JSON {
  case string(String)
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case array([JSON])
  case object([(String, JSON)])

  /// The member of an object with a name; nil where there is none.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  /// The text, indented by two spaces, with a line end after it.
  package var text: String {
    var bytes: [UInt8] = []
    write(to: &bytes, lineEnd: "\n")
    bytes.append(UInt8(ascii: "\n"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Parameter lineEnd: what begins a line of this value's depth.
  private func write(to text: inout [UInt8], lineEnd: String) {
    switch self {
    case .string(let value): JSON.write(quoted: value, to: &text)
    case .integer(let value): text += String(value).utf8
    case .number(let value): text += (value.isFinite ? String(value) : "0").utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .array(let values):
      JSON.write(values, "[", "]", to: &text, lineEnd) { value, text, inner in
        value.write(to: &text, lineEnd: inner)
      }
    case .object(let members):
      JSON.write(members, "{", "}", to: &text, lineEnd) { member, text, inner in
        JSON.write(quoted: member.0, to: &text)
        text += ": ".utf8
        member.1.write(to: &text, lineEnd: inner)
      }
    }
  }

  /// Writes items between brackets, each on a line of its own.
  private static func write<Item>(
    _ items: [Item], _ open: Character, _ close: Character, to text: inout [UInt8],
    _ lineEnd: String, _ write: (Item, inout [UInt8], String) -> Void
  ) {
    text += open.utf8
    let inner = lineEnd + "  "
    for (index, item) in items.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += inner.utf8
      write(item, &text, inner)
    }
    if !items.isEmpty { text += lineEnd.utf8 }
    text += close.utf8
  }

  private static func write(quoted value: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }
    if isPlain {
      text += value.utf8
    } else {
      for scalar in value.unicodeScalars { write(scalar, to: &text) }
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func write(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    switch scalar {
    case "\"": text += "\\\"".utf8
    case "\\": text += "\\\\".utf8
    case "\n": text += "\\n".utf8
    case "\t": text += "\\t".utf8
    case "\r": text += "\\r".utf8
    default:
      if scalar.value < 0x20 || scalar.value == 0x7f {
        let digits = String(scalar.value, radix: 16)
        text += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      } else {
        text += String(scalar).utf8
      }
    }
  }
}

extension JSON {
  /// An object that begins with its schema, `binverify/2/NAME`, and the versions.
  package static func document(_ name: String, _ members: [(String, JSON)]) -> JSON {
    .object(
      [
        ("schema", .string("binverify/2/\(name)")), ("version", .string(version)),
        ("model", .integer(modelVersion)),
      ] + members)
  }

  /// An address as `0x…`.
  package static func address(_ value: UInt64) -> JSON { .string(hexadecimal(value)) }

  /// Bytes as pairs of digits.
  package static func bytes(_ bytes: [UInt8]) -> JSON { .string(digits(bytes)) }
}
