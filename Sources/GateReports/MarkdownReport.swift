import BinVerify
import Gate

/// The findings for a comment on a change or a job's summary, in GitHub's and GitLab's Markdown.
struct MarkdownReport {
  /// The most lines of a counterexample's text.
  private static let lineLimit = 60

  let findings: GateFindings

  var text: String {
    let report = findings.report
    var lines = ["## binverify gate", "", "**\(MarkdownReport.escaped(findings.headline))**", ""]
    lines += changes
    let open = report.kernels.filter(\.isFinding)
    if !open.isEmpty {
      lines += ["| kernel | verdict | why | entry |", "|---|---|---|---|"]
      lines += open.map(row) + [""]
    }
    for kernel in open { lines += details(kernel) }
    if !report.damaged.isEmpty {
      lines += ["Damaged entries of the cache that were not used: \(report.damaged.count).", ""]
    }
    let cached = report.kernels.count { $0.isCached }
    lines.append(
      count(report.kernels.count, "kernel") + " in \(duration(report.seconds))"
        + (cached > 0 ? ", \(cached) from the cache." : "."))
    return lines.map { $0 + "\n" }.joined()
  }

  /// Whose state is another than at the base.
  private var changes: [String] {
    guard let difference = findings.difference else { return [] }
    let groups = [
      ("Newly refuted", difference.newlyRefuted), ("Proof lost", difference.lost),
      ("No longer asked for", difference.removed), ("Newly proved", difference.newlyProved),
      ("New", difference.added),
    ].filter { !$0.1.isEmpty }
    guard !groups.isEmpty else { return [] }
    return groups.map { group in
      "- \(group.0): " + group.1.map(MarkdownReport.code).joined(separator: ", ")
    } + [""]
  }

  private func row(_ kernel: GateReport.Kernel) -> String {
    let cells = [
      MarkdownReport.code(kernel.name),
      kernel.verdict.rawValue + (kernel.isTolerated ? " (tolerated)" : ""),
      MarkdownReport.escaped(
        [kernel.reason, kernel.waiver].compactMap { $0 }.joined(separator: "; ")),
      MarkdownReport.code("\(findings.report.manifest):\(kernel.line)"),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private func details(_ kernel: GateReport.Kernel) -> [String] {
    guard let found = kernel.counterexample else { return [] }
    var lines = found.text.printable.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if lines.count > Self.lineLimit {
      let hidden = lines.count - Self.lineLimit
      lines = lines.prefix(Self.lineLimit) + ["… \(hidden) more lines"]
    }
    let fence = MarkdownReport.fence(lines)
    return [
      "<details><summary>Counterexample to \(MarkdownReport.code(kernel.name))</summary>", "",
      fence,
    ] + lines + [fence, "", "</details>", ""]
  }

  /// A fence that no line of the text can end.
  private static func fence(_ lines: [String]) -> String {
    var (longest, run) = (0, 0)
    for character in lines.joined(separator: "\n").unicodeScalars {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return String(repeating: "`", count: max(3, longest + 1))
  }

  private static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

  /// The text with references for all that Markdown or HTML could take for its own: references are
  /// never structure.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.printable.unicodeScalars {
      let isPlain =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " .,;()=—-/+".unicodeScalars.contains(scalar)
      if scalar == "\n" {
        result += " "
      } else if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        result += "&#\(scalar.value);"
      }
    }
    return result
  }
}
