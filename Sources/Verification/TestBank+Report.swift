extension VerificationReport {
  /// The report of code that a run on a test refuted, before anything was asked of a solver.
  package init(refutedBy found: Counterexample, seconds: Double) {
    self.init(
      verdict: .refuted(found), obligations: Refutation.obligations(found.obligation),
      placements: 0, steps: found.steps, terms: 0, queries: 0, solver: "none", seconds: seconds)
  }
}

extension Refutation {
  /// How the obligations fare of code of which a test violates one.
  package var obligations: [ObligationReport] { Refutation.obligations(kind) }

  fileprivate static func obligations(_ kind: ObligationKind) -> [ObligationReport] {
    var tally = Tally()
    tally.mark(kind, .refuted, .evaluate)
    return tally.reports
  }
}
