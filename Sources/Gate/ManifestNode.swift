/// A node of a manifest with its place, and readers that say what was expected.
struct ManifestNode {
  let node: YAMLNode
  let file: String

  func error(_ message: String) -> ManifestError {
    ManifestError(file: file, line: node.line, column: node.column, message: message)
  }

  private func at(_ node: YAMLNode) -> ManifestNode { ManifestNode(node: node, file: file) }

  /// The members of a mapping, by key, each key one of `known` and there once.
  func members(_ known: [String]) throws(ManifestError) -> [String: ManifestNode] {
    guard let mapping = node.members else {
      throw error("a mapping was expected, with the keys \(known.joined(separator: ", "))")
    }
    var result: [String: ManifestNode] = [:]
    for (key, value) in mapping {
      guard let name = key.text, known.contains(name) else {
        throw at(key).error(
          "'\(key.text ?? "?")' is no key here; known are "
            + known.joined(separator: ", "))
      }
      guard result.updateValue(at(value), forKey: name) == nil else {
        throw at(key).error("'\(name)' is given twice")
      }
    }
    return result
  }

  /// The members of a mapping from words to words.
  func words() throws(ManifestError) -> [String: String] {
    guard let mapping = node.members else { throw error("a mapping was expected") }
    var result: [String: String] = [:]
    for (key, value) in mapping {
      guard let name = key.text else { throw at(key).error("a word was expected") }
      guard result.updateValue(try at(value).text(), forKey: name) == nil else {
        throw at(key).error("'\(name)' is given twice")
      }
    }
    return result
  }

  func items() throws(ManifestError) -> [ManifestNode] {
    guard let sequence = node.items else { throw error("a list was expected") }
    return sequence.map(at)
  }

  /// A word that is not empty.
  func text() throws(ManifestError) -> String {
    guard let text = node.text, !text.isEmpty else { throw error("a text was expected") }
    guard !text.utf8.contains(0) else { throw error("a text without zero bytes was expected") }
    return text
  }

  /// A path from the manifest's folder.
  func path() throws(ManifestError) -> String {
    let text = try text()
    if text == "-" { throw standardInput }
    guard !text.hasPrefix("/") else {
      throw error("a path from the manifest's folder was expected, found '\(text)'")
    }
    return text
  }

  /// What is said of `-`, which elsewhere is standard input: no proof is of that.
  var standardInput: ManifestError { error("a file was expected, found '-' (./- is one)") }

  /// One word or a list of them.
  func texts() throws(ManifestError) -> [String] {
    guard node.items != nil else { return [try text()] }
    var result: [String] = []
    for item in try items() { result.append(try item.text()) }
    return result
  }

  /// The value that `read` makes of the text; `expected` names what it takes.
  func value<Value>(
    _ expected: String, _ read: (String) -> Value?
  ) throws(ManifestError) -> Value {
    let text = try text()
    guard let value = read(text) else { throw error("\(expected) was expected, found '\(text)'") }
    return value
  }
}
