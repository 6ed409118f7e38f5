import BinVerify
import GateReports

/// A proof's or a comparison's answer for people.
struct ReportText {
  let style: Style
  let isQuiet: Bool
  let isVerbose: Bool
  private(set) var lines: [String] = []

  init(_ output: OutputOptions) {
    style = output.style
    isQuiet = output.quiet
    isVerbose = output.verbose
  }

  /// All lines, each with its end.
  var text: String { lines.map { $0 + "\n" }.joined() }

  /// The first line: the verdict in its colour, what it is about, and how long it took.
  mutating func verdict(_ word: String, _ subject: String, seconds: Double?) {
    let coloured =
      switch word {
      case "proved", "equivalent": style.green(word)
      case "refuted", "different": style.red(word)
      default: style.yellow(word)
      }
    lines.append(
      "\(coloured)  \(subject.printableLine)" + (seconds.map { "  in \(duration($0))" } ?? ""))
  }

  /// A line under the verdict, unless only the verdict is wanted.
  mutating func note(_ text: String, about obligation: ObligationKind? = nil) {
    guard !isQuiet else { return }
    let heading = obligation.map { style.bold($0.rawValue) + ": " } ?? ""
    lines.append("  " + heading + text.printableLine)
  }

  /// A heading and lines under it.
  mutating func section(_ heading: String, _ body: [String]) {
    guard !isQuiet, !body.isEmpty else { return }
    lines += ["", "  \(style.bold(heading))"] + body.map { "    \($0)" }
  }

  // MARK: Obligations

  /// A line for each obligation: its name, what it says, how it was settled.
  mutating func obligations(_ reports: [ObligationReport]) {
    guard !isQuiet else { return }
    let width = reports.map(\.kind.rawValue.count).max() ?? 0
    let meaning = reports.map(\.kind.meaning.count).max() ?? 0
    for report in reports {
      lines.append(
        "  \(report.kind.rawValue.padded(to: width))  "
          + "\(report.kind.meaning.padded(to: meaning))  \(how(report))")
    }
  }

  private func how(_ report: ObligationReport) -> String {
    let claims = report.claims == 1 ? "1 claim" : "\(report.claims) claims"
    switch report.status {
    case .proved where report.claims == 0: return "by rewriting"
    case .proved:
      return "by \(ReportText.name(report.stage)), \(claims), \(duration(report.seconds))"
    case .refuted: return style.red("refuted") + " by \(ReportText.name(report.stage))"
    case .inconclusive: return style.yellow("open")
    case .undecided: return style.dim("not reached")
    }
  }

  private static func name(_ stage: Stage?) -> String {
    switch stage {
    case .rewrite, nil: "rewriting"
    case .evaluate: "evaluation"
    case .enumerate: "trying all inputs"
    case .order: "trying all orders"
    case .split: "case split"
    case .sat: "CaDiCaL"
    case .z3: "Z3"
    }
  }

  // MARK: Costs

  /// What the answer rests on.
  mutating func costs(
    placements: Int, solver: String, cpus: [CPUProfile],
    work: (steps: Int, terms: Int, queries: Int)? = nil
  ) {
    guard isVerbose else { return }
    var body = ["placements of buffers  \(placements)"]
    if let work {
      body += [
        "instructions executed  \(work.steps)", "terms  \(work.terms)",
        "queries  \(work.queries)",
      ]
    }
    body += [
      "solver  \(solver)", "model  version \(BinVerifyVersion.model)",
      "CPU  \(cpus.map(\.name).joined(separator: ", "))",
    ]
    section("rests on", body)
  }
}

extension CPUProfile {
  /// What a verdict says of it after the code's name: nothing where any CPU is meant.
  var suffix: String { features == nil ? "" : "  for \(name)" }
}
