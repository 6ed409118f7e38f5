import BinVerify
import Gate
import GateReports

/// What other solvers said of records, for people and for programs.
struct CheckAnswer {
  private let checks: [RecordCheck]
  private let solvers: [SolverProgram]

  init(_ checks: [RecordCheck], _ solvers: [SolverProgram]) {
    self.checks = checks
    self.solvers = solvers
  }

  // MARK: Text

  func text(_ output: OutputOptions) -> String {
    var lines: [String] = []
    for check in checks where !output.quiet {
      let word = check.verdict.rawValue.padded(to: 12)
      let coloured =
        switch check.verdict {
        case .confirmed: output.style.green(word)
        case .contradicted: output.style.red(word)
        default: output.style.yellow(word)
        }
      let agreement = check.agreement.map { "\($0.solver): \($0.count)" }
      lines.append(
        "\(coloured)  \(check.name.printableLine)  \(queries(check.queries.count))"
          + (agreement.isEmpty ? "" : "  " + agreement.joined(separator: ", ")))
      if let reason = check.reason { lines.append("  \(check.record): \(reason)".printableLine) }
      for query in check.queries where query.confirmedBy == nil || output.verbose {
        lines += self.lines(query)
      }
    }
    lines.append(summary)
    return lines.map { $0 + "\n" }.joined()
  }

  private func queries(_ count: Int) -> String { count == 1 ? "1 query" : "\(count) queries" }

  private func lines(_ query: RecordCheck.Query) -> [String] {
    let place = query.placement > 0 ? ", placement \(query.placement)" : ""
    let head = "  \(query.obligation)\(place), proved by \(query.stage): "
    let digest = "  sha256:\(query.sha256.hexadecimal.prefix(16))"
    if let solver = query.confirmedBy { return [head + solver + digest] }
    if let solver = query.contradictedBy { return [head + "\(solver) found a solution" + digest] }
    return [head + "not settled" + digest] + query.remarks.map { "    " + $0.printableLine }
  }

  /// How many records and queries came out how.
  private var summary: String {
    let words: [RecordCheck.Verdict] = [
      .confirmed, .unsettled, .contradicted, .stale, .invalid,
    ]
    let counts = words.map { word in (word, checks.count { $0.verdict == word }) }
      .filter { $0.1 > 0 || $0.0 == .confirmed }
    let idle = checks.count { $0.verdict == .confirmed && $0.queries.isEmpty }
    let remark = idle > 0 ? " (\(idle) of them leave nothing to ask)" : ""
    let agreement = total.map { "\($0.solver): \($0.count)" }
    return counts.map { "\($0.1) \($0.0.rawValue)" + ($0.0 == .confirmed ? remark : "") }
      .joined(separator: ", ")
      + (agreement.isEmpty ? "" : "  " + agreement.joined(separator: ", "))
  }

  private var total: [(solver: String, count: Int)] {
    var all = RecordCheck(record: "", name: "", verdict: .confirmed)
    all.queries = checks.flatMap(\.queries)
    return all.agreement
  }

  // MARK: JSON

  func json(_ status: Int32) -> JSON {
    .document(
      "check",
      [
        ("status", .integer(Int(status))),
        ("solvers", .array(solvers.map { .string($0.description) })),
        ("records", .array(checks.map(CheckAnswer.record))),
      ])
  }

  private static func record(_ check: RecordCheck) -> JSON {
    var members: [(String, JSON)] = [
      ("record", .string(check.record)), ("name", .string(check.name)),
      ("verdict", .string(check.verdict.rawValue)),
    ]
    if let reason = check.reason { members.append(("reason", .string(reason))) }
    return .object(
      members + [
        ("milliseconds", .milliseconds(check.seconds)),
        ("queries", .array(check.queries.map(query))),
      ])
  }

  private static func query(_ query: RecordCheck.Query) -> JSON {
    var members: [(String, JSON)] = [
      ("obligation", .string(query.obligation)), ("placement", .integer(query.placement)),
      ("sha256", .string(query.sha256.hexadecimal)), ("stage", .string(query.stage)),
    ]
    if let solver = query.confirmedBy { members.append(("confirmedBy", .string(solver))) }
    if let solver = query.contradictedBy { members.append(("contradictedBy", .string(solver))) }
    return .object(members + [("remarks", .array(query.remarks.map(JSON.string)))])
  }
}
