import Verification

/// `Docs/Evidence/mutation.md`: what became of the mutants of each kernel.
struct MutationPage {
  /// How many of a kernel's mutants a list names: a specification of several outcomes has thousands
  /// that differ, and the table has their number.
  private static let listed = 20
  /// The seconds for the comparison of a mutant with the original.
  private static let patience = 20.0

  private static let columns =
    ["mutants"] + Mutant.Fate.allCases.map { "\($0)" } + ["equivalent"]

  private enum List: String, CaseIterable {
    case different = "Proved, but different from the original"
    case undecided = "Proved, but not shown equivalent to the original in 20 s"
    case open = "Inconclusive"
    case broken = "Without a verdict"
  }

  private let page = EvidencePage("mutation.md")
  private var table: EvidenceTable
  private var lists: [List: [String]] = [:]

  /// The page as it is.
  init() { self.init(text: EvidencePage("mutation.md").text) }

  /// What became of one kernel's mutants, and nothing else.
  init(
    _ sample: Sample, _ mutants: [Mutant], _ fates: [Mutant.Fate], _ known: KnownProofs
  ) {
    self.init(text: "")
    add(sample, mutants, fates, known)
  }

  private init(text: String) {
    table = EvidenceTable(columns: Self.columns, page: text)
    var current: List?
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") {
        current = List.allCases.first { line.hasPrefix("## \($0.rawValue)") }
      } else if let current, line.hasPrefix("- `") {
        // What is listed of a kernel that is to be run again is dropped.
        let kernel = line.dropFirst(3).prefix { $0 != "+" }
        guard table.rows[String(kernel)] != nil else { continue }
        lists[current, default: []].append(String(line.dropFirst(2)))
      }
    }
  }

  func has(_ sample: Sample) -> Bool { table.rows[sample.kernel] != nil }

  /// Whether nothing stands on it that must not be. What is proved of a specification with several
  /// outcomes may differ from the original.
  var isClean: Bool { lists[.broken, default: []].isEmpty }

  /// The mutants of a kernel that are inconclusive.
  func open(_ sample: Sample) -> [Mutant] {
    lists[.open, default: []].compactMap { line in
      let parts = line.dropFirst().prefix { $0 != "`" }.split(separator: "+")
      guard parts.count == 2, parts[0] == sample.kernel else { return nil }
      let place = parts[1].split(separator: "=")
      guard place.count == 2, let offset = Int(place[0]), let value = UInt8(place[1]) else {
        return nil
      }
      return Mutant(sample: sample, offset: offset, value: value)
    }
  }

  /// Takes what `other` says of the inconclusive mutants of a kernel.
  mutating func replaceOpen(_ sample: Sample, by other: MutationPage) {
    guard var row = table.rows[sample.kernel], let found = other.table.rows[sample.kernel] else {
      return
    }
    // All counts are of mutants, the first of all of them.
    for column in row.indices.dropFirst() { row[column] += found[column] }
    row[1 + Int(Mutant.Fate.inconclusive.rawValue)] -= found[0]
    table.set(sample.kernel, to: row)
    lists[.open]?.removeAll { $0.hasPrefix("`\(sample.kernel)+") }
    lists.merge(other.lists) { $0 + $1 }
  }

  /// Adds what `other` says.
  mutating func add(_ other: MutationPage) {
    for (kernel, row) in other.table.rows { table.set(kernel, to: row) }
    lists.merge(other.lists) { $0 + $1 }
  }

  private mutating func add(
    _ sample: Sample, _ mutants: [Mutant], _ fates: [Mutant.Fate], _ known: KnownProofs
  ) {
    var counts = [Int](repeating: 0, count: Mutant.Fate.allCases.count)
    var (equivalent, different) = (0, 0)
    let hasOneOutcome = (try? sample.hasOneOutcome()) ?? false
    for (mutant, fate) in zip(mutants, fates) {
      counts[Int(fate.rawValue)] += 1
      switch fate {
      case .broken: lists[.broken, default: []].append("`\(mutant)`")
      case .inconclusive: lists[.open, default: []].append("`\(mutant)`: \(reason(mutant))")
      case .proved:
        let isEquivalent =
          hasOneOutcome ? true : try? mutant.isEquivalent(seconds: Self.patience, known)
        switch isEquivalent {
        case .some(true): equivalent += 1
        case .some(false):
          different += 1
          if different <= Self.listed { lists[.different, default: []].append("`\(mutant)`") }
        case .none: lists[.undecided, default: []].append("`\(mutant)`")
        }
      case .refuted, .unsupported: break
      }
    }
    if different > Self.listed {
      lists[.different, default: []]
        .append("`\(sample.kernel)+`…: \(different - Self.listed) more")
    }
    table.set(sample.kernel, to: [mutants.count] + counts + [equivalent])
  }

  private func reason(_ mutant: Mutant) -> String {
    guard case .inconclusive(let open)? = try? mutant.verdict(seconds: 2) else {
      return "not again"
    }
    return "\(open.obligation): \(open.reason)"
  }

  func write() throws {
    let sections = List.allCases.flatMap { list in
      let items = lists[list, default: []].sorted()
      return ["", "## \(list.rawValue)", ""] + items.map { "- \($0)" }
    }
    try page.write(
      [
        "# Mutants", "",
        "Every other value of every byte of a proved sample's code, against the sample's specification. Each",
        "refuted one has a counterexample that a run of the mutant confirmed. Each proved one is equivalent to the",
        "original if the specification allows one outcome only for each input, which is proved, or else is compared",
        "with it. Made by `make mutants`, which leaves out the kernels that the page has, and by",
        "`make mutants MUTANTS=open`, which takes the inconclusive ones again with 120 s each, a fifth of that where a run of 20,000 instructions does not end.",
        "",
      ] + table.lines(title: "kernel") + sections)
  }
}
