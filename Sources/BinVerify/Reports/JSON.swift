/// A JSON value whose objects keep the order of their keys.
package indirect enum JSON {
  case string(String)
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case array([JSON])
  case object([(String, JSON)])

  /// The text, indented by two spaces, with a line end after it.
  package var text: String {
    var result = ""
    write(to: &result, indentation: "")
    return result + "\n"
  }

  private func write(to text: inout String, indentation: String) {
    switch self {
    case .string(let value): JSON.write(quoted: value, to: &text)
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? String(value) : "0"
    case .bool(let value): text += value ? "true" : "false"
    case .array(let values):
      JSON.write(values.count, "[", "]", to: &text, indentation) { index, text, inner in
        values[index].write(to: &text, indentation: inner)
      }
    case .object(let members):
      JSON.write(members.count, "{", "}", to: &text, indentation) { index, text, inner in
        JSON.write(quoted: members[index].0, to: &text)
        text += ": "
        members[index].1.write(to: &text, indentation: inner)
      }
    }
  }

  /// Writes items between brackets, each on a line of its own.
  private static func write(
    _ count: Int, _ open: String, _ close: String, to text: inout String, _ indentation: String,
    _ item: (Int, inout String, String) -> Void
  ) {
    text += open
    let inner = indentation + "  "
    for index in 0..<count {
      text += index == 0 ? "\n" : ",\n"
      text += inner
      item(index, &text, inner)
    }
    if count > 0 {
      text += "\n"
      text += indentation
    }
    text += close
  }

  private static func write(quoted value: String, to text: inout String) {
    text += "\""
    let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }
    if isPlain {
      text += value
    } else {
      for scalar in value.unicodeScalars { write(scalar, to: &text) }
    }
    text += "\""
  }

  private static func write(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7f {
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        text.unicodeScalars.append(scalar)
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
