import BinVerify
import Gate
import GateReports

/// A run of the gate for people and for programs.
struct GateAnswer {
  private let report: GateReport

  init(_ report: GateReport) { self.report = report }

  // MARK: Text

  func text(_ output: OutputOptions) -> String {
    let style = output.style
    var lines: [String] = []
    for kernel in report.kernels where !output.quiet {
      let word = kernel.verdict.rawValue.padded(to: 12)
      let coloured =
        switch kernel.verdict {
        case .proved: style.green(word)
        case .refuted: style.red(word)
        default: style.yellow(word)
        }
      let cost = kernel.isCached ? "in the cache" : "in \(duration(kernel.seconds))"
      lines.append("\(coloured)  \(kernel.name)  " + cost)
      if let reason = kernel.reason {
        lines.append("  \(report.manifest):\(kernel.line): \(reason)".printableLine)
      }
      if !kernel.waived.isEmpty {
        lines.append("  not asked for: " + kernel.waived.map(\.rawValue).joined(separator: ", "))
      }
      if kernel.isTolerated { lines.append("  tolerated: inconclusive only warns here") }
      if let found = kernel.counterexample {
        lines += found.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
          .map { $0.isEmpty ? "" : "  " + String($0).printableLine }
      }
      if output.verbose { lines += obligations(kernel) }
    }
    if !output.quiet { lines += costs }
    lines.append(summary)
    return lines.map { $0 + "\n" }.joined()
  }

  private func obligations(_ kernel: GateReport.Kernel) -> [String] {
    kernel.obligations.map {
      "    \($0.kind.rawValue.padded(to: 12))  \($0.status.padded(to: 12))  "
        + "\(($0.stage?.rawValue ?? "rewrite").padded(to: 9))  \(duration($0.seconds))"
    }
  }

  /// What each obligation took in all kernels that were proved now.
  private var costs: [String] {
    let fresh = report.kernels.filter { !$0.isCached }.flatMap(\.obligations)
    guard !fresh.isEmpty else { return [] }
    return ObligationKind.allCases.compactMap { kind in
      let own = fresh.filter { $0.kind == kind }
      let claims = own.reduce(0) { $0 + $1.claims }
      guard claims > 0 else { return nil }
      let seconds = own.reduce(0) { $0 + $1.seconds }
      return "  \(kind.rawValue.padded(to: 12))  \(claims) claims  in \(duration(seconds))"
    }
  }

  /// How many kernels came out how.
  private var summary: String {
    let cached = report.kernels.count { $0.isCached }
    return GateFindings(report).headline
      + (cached > 0 ? ", \(cached) of them from the cache" : "")
      + "  in \(duration(report.seconds))"
  }

  // MARK: JSON

  var json: JSON {
    .document(
      "gate",
      [
        ("manifest", .string(report.manifest)), ("status", .integer(Int(report.status))),
        ("milliseconds", .milliseconds(report.seconds)),
        (
          "summary",
          .object(
            GateReport.Kernel.Verdict.allCases.map { ($0.rawValue, .integer(report.count($0))) })
        ),
        ("kernels", .array(report.kernels.map(GateAnswer.kernel))),
        ("damaged", .array(report.damaged.map(JSON.string))),
        ("unwritten", .array(report.unwritten.map(JSON.string))),
      ])
  }

  private static func kernel(_ kernel: GateReport.Kernel) -> JSON {
    func optional(_ name: String, _ text: String?) -> [(String, JSON)] {
      text.map { [(name, .string($0))] } ?? []
    }
    var members: [(String, JSON)] = [
      ("name", .string(kernel.name)), ("line", .integer(kernel.line)),
      ("column", .integer(kernel.column)), ("code", .string(kernel.code)),
    ]
    members += optional("symbol", kernel.symbol) + [("against", .string(kernel.against))]
    members += optional("isa", kernel.isa) + [("verdict", .string(kernel.verdict.rawValue))]
    members += optional("reason", kernel.reason)
    members += [
      ("milliseconds", .milliseconds(kernel.seconds)), ("cached", .bool(kernel.isCached)),
      ("tolerated", .bool(kernel.isTolerated)), ("placements", .integer(kernel.placements)),
      ("solver", .string(kernel.solver)),
      ("obligations", .array(kernel.obligations.map(obligation))),
      ("waived", .array(kernel.waived.map { .string($0.rawValue) })),
    ]
    if let found = kernel.counterexample {
      var parts: [(String, JSON)] = [
        ("obligation", .string(found.obligation.rawValue)), ("message", .string(found.message)),
      ]
      if let address = found.address { parts.append(("address", .address(address))) }
      if let source = found.source {
        parts.append(
          ("source", .object([("file", .string(source.file)), ("line", .integer(source.line))])))
      }
      members.append(("counterexample", .object(parts + [("text", .string(found.text))])))
    }
    return .object(members + optional("record", kernel.record))
  }

  private static func obligation(_ obligation: GateReport.Obligation) -> JSON {
    .object([
      ("name", .string(obligation.kind.rawValue)), ("status", .string(obligation.status)),
      ("stage", .string(obligation.stage?.rawValue ?? Stage.rewrite.rawValue)),
      ("claims", .integer(obligation.claims)),
      ("milliseconds", .milliseconds(obligation.seconds)),
    ])
  }
}
