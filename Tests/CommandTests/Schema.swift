/// The part of JSON Schema that `Docs/Schema` uses.
struct Schema {
  private let root: JSONValue

  /// The schema `Docs/Schema/NAME.json`.
  init?(_ name: String) {
    guard let value = JSONValue(Scratch.read("\(Command.root)/Docs/Schema/\(name).json")) else {
      return nil
    }
    root = value
  }

  /// What is wrong with `value`, with the path to each fault.
  func faults(in value: JSONValue) -> [String] { faults(value, root, "$") }

  private func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    if let reference = schema["$ref"]?.string {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = root["$defs"]?[name] else { return ["\(path): no \(reference)"] }
      return faults(value, target, path)
    }
    if let choices = schema["enum"]?.array, !choices.contains(value) {
      return ["\(path): \(value) is none of \(choices)"]
    }
    var result: [String] = []
    if let type = schema["type"]?.string, !Schema.isA(type, value) {
      result.append("\(path): \(type) expected, found \(value)")
    }
    if let pattern = schema["pattern"]?.string, !Schema.matches(value.string, pattern) {
      result.append("\(path): \(pattern) expected, found \(value)")
    }
    if let items = schema["items"], let values = value.array {
      for (index, item) in values.enumerated() {
        result += faults(item, items, "\(path)[\(index)]")
      }
    }
    if let members = value.object {
      let known = schema["properties"]?.object ?? [:]
      for key in schema["required"]?.array ?? [] where members[key.string ?? ""] == nil {
        result.append("\(path): \(key) is missing")
      }
      for (key, member) in members {
        guard let rule = known[key] else {
          if schema["additionalProperties"] != .bool(false) { continue }
          result.append("\(path): \(key) is not described")
          continue
        }
        result += faults(member, rule, "\(path).\(key)")
      }
    }
    return result
  }

  private static func matches(_ text: String?, _ pattern: String) -> Bool {
    guard let text, let regex = try? Regex(pattern) else { return false }
    return text.contains(regex)
  }

  private static func isA(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("string", .string), ("number", .number), ("array", .array), ("object", .object),
      ("boolean", .bool):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
