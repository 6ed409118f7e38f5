/// Lists of registers in braces.
extension AssemblyScanner {
  /// What the first register of a list starts with in the items, and what the others start with.
  static let listStart = "{"
  static let listPart = "+"

  /// The registers of `{ v0.4s, v1.4s }`, `{ v0.s - v1.s }[2]`, each as an item of its own; any
  /// other item as it is.
  static func members(of item: Item) -> [Item] {
    guard item.text.hasPrefix("{"), let end = item.text.firstIndex(of: "}") else { return [item] }
    let index = item.text[item.text.index(after: end)...].filter { $0 != " " }
    let names = item.text[..<end].dropFirst().split(separator: ",").flatMap { part in
      range(part.filter { $0 != " " && $0 != "\t" })
    }
    return names.enumerated().map { position, name in
      Item(text: (position == 0 ? listStart : listPart) + name + index, column: item.column)
    }
  }

  /// The registers of `v30.4s-v1.4s`, at most four; a single one as it is.
  private static func range(_ text: String) -> [String] {
    let ends = text.split(separator: "-").map(String.init)
    guard ends.count == 2, let first = number(ofVector: ends[0]),
      let last = number(ofVector: ends[1]), let dot = ends[0].firstIndex(of: ".")
    else { return [text] }
    let count = (last - first + 32) % 32 + 1
    guard count <= 4 else { return [text] }
    return (0..<count).map { "v\((first + $0) % 32)\(ends[0][dot...])" }
  }

  /// The number of `v3.4s`.
  private static func number(ofVector text: String) -> Int? {
    guard text.hasPrefix("v") || text.hasPrefix("V") else { return nil }
    return Int(text.dropFirst().prefix { $0 != "." }).flatMap { (0..<32).contains($0) ? $0 : nil }
  }
}
