import DifferentialTesting
import MachineModel

/// The pages that say what an architecture's tables hold and on what evidence, as Markdown.
public struct CoveragePages {
  /// A page: its path below the folder of all pages, and its text.
  public struct Page: Sendable, Hashable {
    public let path: String
    public let text: String
  }

  let architecture: any Architecture
  let evidence: Evidence
  let list: FormList
  private let families: [(family: Family, forms: [Form])]

  public init(_ architecture: any Architecture, _ list: FormList, _ evidence: Evidence) {
    self.architecture = architecture
    self.list = list
    self.evidence = evidence
    families = architecture.forms.byFamily
  }

  /// All pages: the summary, a page of rows for each tier, and what is missing.
  public var pages: [Page] {
    let name = architecture.name
    return [Page(path: "\(name).md", text: summary)]
      + tiers.map { Page(path: "\(name).\($0).md", text: rows(of: $0)) }
      + [Page(path: "\(name).missing.md", text: CorpusCoverage(list, architecture).missingPage)]
  }

  /// The tiers that rows belong to, in the order of the tables.
  private var tiers: [String] {
    var seen: Set<String> = []
    return architecture.forms.map(\.tier).filter { seen.insert($0).inserted }.sorted()
  }

  static let notice = "Made by `make coverage` from the tables and the evidence: do not edit."

  // MARK: The summary

  private var summary: String {
    let name = architecture.name
    let mismatches = evidence.results.values.map(\.mismatches).reduce(0, +)
    var lines = [
      "# What is known of \(name)", "", CoveragePages.notice, "",
      "\(architecture.forms.count) forms of \(families.count) manual entries. "
        + "\(tested(architecture.forms)) of them are compared with a machine, in "
        + "\(states(architecture.forms)) random states, \(mismatches) of which differ in what the "
        + "manual defines.", "",
    ]
    lines += evidence.oracles.map { "- compared with: \($0)" }
    lines += [
      "", "| tier | forms | compared | states | fewest a form | page |",
      "|---|---|---|---|---|---|",
    ]
    lines += tiers.map { tier in
      let forms = architecture.forms.filter { $0.tier == tier }
      return "| \(tier) | \(forms.count) | \(tested(forms)) | \(states(forms)) | \(fewest(forms)) "
        + "| [\(tier)](\(name).\(tier).md) |"
    }
    lines += CorpusCoverage(list, architecture).section
    lines += undefined
    return lines.map { $0 + "\n" }.joined()
  }

  private func result(_ form: Form) -> Evidence.Result? {
    evidence[Evidence.Key(syntax: form.syntax, encoding: form.encoding)]
  }

  private func tested(_ forms: [Form]) -> Int { forms.filter { result($0) != nil }.count }

  private func states(_ forms: [Form]) -> Int {
    forms.compactMap { result($0)?.states }.reduce(0, +)
  }

  private func fewest(_ forms: [Form]) -> Int {
    forms.map { result($0)?.states ?? 0 }.min() ?? 0
  }

  // MARK: The undefined

  private var undefined: [String] {
    var lines = [
      "", "## What the manual leaves undefined", "",
      "Comparisons ignore this and nothing else, in the states in which it is undefined; proofs hold "
        + "for all its values.", "", "| entry | flags | other values |", "|---|---|---|",
    ]
    for (family, forms) in families {
      let found = UndefinedValues(family, forms, architecture)
      guard !found.isEmpty else { continue }
      lines.append(
        "| \(cell(family.title)) | \(found.flags.joined(separator: " ")) "
          + "| \(cell(found.values.joined(separator: "; "))) |")
    }
    if lines.last == "|---|---|---|" {
      lines.removeLast(2)
      lines.append("No row of these tables leaves anything undefined.")
    }
    return lines
  }

  // MARK: Rows

  private func rows(of tier: String) -> String {
    var lines = [
      "# \(architecture.name), tier \(tier)", "", CoveragePages.notice, "",
      "| form | encoding | feature | reads | writes | undefined | manual entry | states | differ | on |",
      "|---|---|---|---|---|---|---|---|---|---|",
    ]
    let letters = evidence.oracles.enumerated().map { (name: $1, number: $0 + 1) }
    for (family, forms) in families {
      for form in forms where form.tier == tier {
        lines.append(row(form, family, letters))
      }
    }
    lines.append("")
    lines += letters.map { "\($0.number): \($0.name)" }
    return lines.map { $0 + "\n" }.joined()
  }

  private func row(
    _ form: Form, _ family: Family, _ oracles: [(name: String, number: Int)]
  ) -> String {
    let result = result(form)
    let oracle = oracles.first { $0.name == result?.oracle }.map { "\($0.number)" } ?? ""
    let cells = [
      "`\(form.syntax)`", "`\(form.encoding)`", form.features.joined(separator: " "),
      flags(family.flags.reads), flags(family.flags.writes), flags(family.flags.undefined),
      family.source, result.map { "\($0.states)" } ?? "none",
      result.map { "\($0.mismatches)" } ?? "", oracle,
    ]
    return "| " + cells.map(cell).joined(separator: " | ") + " |"
  }

  private func flags(_ flags: Set<Flag>) -> String {
    flags.sorted { $0.cell.index < $1.cell.index }.map(\.name).joined(separator: " ")
  }
}

/// Text that does not end a cell of a table.
func cell(_ text: String) -> String {
  text.map { $0 == "|" ? "\\|" : String($0) }.joined()
}
