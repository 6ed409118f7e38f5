import MachineModel

/// How much of a corpus the tables read: each form of its list by the example that comes with it.
struct CorpusCoverage {
  private let architecture: any Architecture
  private let list: FormList
  /// The forms that are not read, in order of rank, and why.
  private let missing: [(entry: FormList.Entry, reason: String)]

  init(_ list: FormList, _ architecture: any Architecture) {
    self.list = list
    self.architecture = architecture
    missing = list.entries.compactMap { entry in
      entry.reason(in: architecture).map { (entry, $0) }
    }
  }

  // MARK: Shares

  /// The part of the summary about the list.
  var section: [String] {
    let total = list.returning
    let segments = list.entries.filter { $0.hasSegment(in: architecture) }.count
    var lines = [
      "", "## Coverage of real code", "",
      "The list has the \(list.entries.count) forms of "
        + "\(list.entries.map(\.count).reduce(0, +)) instructions of Debian 12's libraries, each with "
        + "one encoding. A form is supported if that encoding is read. Counts are cumulative from the "
        + "second column of shares on. \"Leaf functions with all\" is the measured share of leaf functions "
        + "(without BLAS and duplicates) that use no form of a later tier. \"Lost\" is how many of "
        + "the functions that return (\(total.functions), \(total.leaves) of them leaves) use a form "
        + "of the tiers so far that is missing: the list has counts and no functions, so it gives "
        + "bounds, as if one function used all such forms, and as if none used two.", "",
      "| tier | forms | supported | of its instructions | of all instructions "
        + "| leaf functions with all | functions lost | leaf functions lost |",
      "|---|---|---|---|---|---|---|---|",
    ]
    var included: Set<String> = []
    for tier in list.tiers {
      included.insert(tier.name)
      lines.append(row(tier, included))
    }
    if segments > 0 {
      lines += [
        "",
        "\(segments) examples are relative to the segments FS or GS. They count without, since "
          + "their forms occur without; with a segment only `fs:[40]` is supported, the stack "
          + "protector's guard, where MOV, SUB, XOR or CMP reads it.",
      ]
    }
    lines += [
      "", "[The \(missing.count) forms that are missing](\(architecture.name).missing.md).",
    ]
    return lines
  }

  private func row(_ tier: FormList.Tier, _ included: Set<String>) -> String {
    let own = list.entries.filter { $0.plainTier == tier.name }
    let lost = Set(missing.map(\.entry.rank))
    let supported = own.filter { !lost.contains($0.rank) }
    let read = list.entries.filter { included.contains($0.plainTier) && !lost.contains($0.rank) }
    let out = missing.map(\.entry).filter { included.contains($0.plainTier) }
    let cells = [
      tier.name, "\(own.count)", "\(supported.count)",
      percent(supported.map(\.count).reduce(0, +), own.map(\.count).reduce(0, +)),
      percent(read.map(\.count).reduce(0, +), list.entries.map(\.count).reduce(0, +)),
      tier.measured.map { "\($0) %" } ?? "",
      bounds(out.map(\.functions), list.returning.functions),
      bounds(out.map(\.leaves), list.returning.leaves),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// The share of `total` that uses one of some forms, each used by one of `users`.
  private func bounds(_ users: [Int], _ total: Int) -> String {
    let least = min(total, users.max() ?? 0)
    let most = min(total, users.reduce(0, +))
    return least == most
      ? percent(most, total) : "\(percent(least, total)) to \(percent(most, total))"
  }

  /// A share in hundredths, one digit after the point, rounded down.
  private func percent(_ part: Int, _ whole: Int) -> String {
    guard whole > 0 else { return "–" }
    let tenths = part * 1000 / whole
    return "\(tenths / 10).\(tenths % 10) %"
  }

  // MARK: What is missing

  /// The page of the forms that are not read.
  var missingPage: String {
    var lines = [
      "# \(architecture.name): forms that are missing", "", CoveragePages.notice, "",
      "By rank in the list of forms of real code; the reason is the decoder's for the example.", "",
      "| rank | form | tier | instructions | functions | leaf functions | example | reason |",
      "|---|---|---|---|---|---|---|---|",
    ]
    for (entry, reason) in missing {
      let cells = [
        "\(entry.rank)", "`\(entry.name)`", entry.tier, "\(entry.count)", "\(entry.functions)",
        "\(entry.leaves)", "`\(hex(entry.example))`", reason,
      ]
      lines.append("| " + cells.map(cell).joined(separator: " | ") + " |")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
