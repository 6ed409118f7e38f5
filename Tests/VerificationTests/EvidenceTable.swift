import FoundationEssentials

/// A table of counts in a page of evidence: one row for each part of a run, so that a run that was
/// stopped goes on where it was and parts of several runs stand in one page.
struct EvidenceTable {
  /// What the numbers of a row count.
  let columns: [String]
  private(set) var rows: [String: [Int]] = [:]

  init(columns: [String]) { self.columns = columns }

  /// The rows in a page that `lines` wrote before; none where it has other columns.
  init(columns: [String], page: String) {
    self.init(columns: columns)
    var isHere = false
    for line in page.split(separator: "\n") {
      let cells = line.split(separator: "|").map { String($0).trimmed }
      if line.first == "|", Array(cells.dropFirst()) == columns { isHere = true }
      guard isHere, let name = cells.first, !name.hasPrefix("**") else { continue }
      let counts = cells.dropFirst().compactMap(Int.init)
      if counts.count == columns.count { rows[name] = counts }
    }
  }

  mutating func set(_ name: String, to counts: [Int]) { rows[name] = counts }

  var totals: [Int] {
    columns.indices.map { column in rows.values.reduce(0) { $0 + $1[column] } }
  }

  /// The table, its rows in the order of their names, numbers by value.
  func lines(title: String) -> [String] {
    func line(_ name: String, _ cells: [String]) -> String {
      "| " + ([name] + cells).joined(separator: " | ") + " |"
    }
    let names = rows.keys.sorted { left, right in
      guard let a = Int(left), let b = Int(right) else { return left < right }
      return a < b
    }
    return [line(title, columns), "|---|" + String(repeating: "---|", count: columns.count)]
      + names.map { line($0, (rows[$0] ?? []).map(String.init)) }
      + [line("**all**", totals.map(String.init))]
  }
}

extension String {
  /// The text without blanks at its ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// A page under `Docs/Evidence`.
struct EvidencePage {
  let path: String

  init(_ name: String) { path = Sample.root + "/Docs/Evidence/" + name }

  /// What the page says; nothing where there is none.
  var text: String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  func write(_ lines: [String]) throws {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: URL(filePath: path), options: .atomic)
  }
}
