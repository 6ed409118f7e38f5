/// A JSON value whose objects keep the order of their keys.
package indirect enum JSON {
  case string(String)
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case array([JSON])
  case object([(String, JSON)])

  /// The text, indented by two spaces, with a line end after it.
  package var text: String { lines(indentation: "") + "\n" }

  private func lines(indentation: String) -> String {
    let inner = indentation + "  "
    switch self {
    case .string(let value): return JSON.quoted(value)
    case .integer(let value): return String(value)
    case .number(let value): return value.isFinite ? String(value) : "0"
    case .bool(let value): return value ? "true" : "false"
    case .array(let values):
      if values.isEmpty { return "[]" }
      let items = values.map { inner + $0.lines(indentation: inner) }
      return "[\n" + items.joined(separator: ",\n") + "\n" + indentation + "]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let items = members.map {
        inner + JSON.quoted($0.0) + ": " + $0.1.lines(indentation: inner)
      }
      return "{\n" + items.joined(separator: ",\n") + "\n" + indentation + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7f {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
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
