extension VerificationReport {
  /// The report of code that a run on a test refuted, before anything was asked of a solver.
  package init(refutedBy found: Counterexample, seconds: Double) {
    var tally = Tally()
    tally.mark(found.obligation, .refuted, .evaluate)
    self.init(
      verdict: .refuted(found), obligations: tally.reports, placements: 0, steps: found.steps,
      terms: 0, queries: 0, solver: "none", seconds: seconds)
  }
}
