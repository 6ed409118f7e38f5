import Terms

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// Adds up what the placements of one verification cost and showed.
struct Tally {
  private(set) var reports = ObligationKind.allCases.map {
    ObligationReport(kind: $0, status: .undecided, stage: nil, claims: 0, seconds: 0)
  }
  var placements = 0
  private(set) var steps = 0
  private(set) var terms = 0
  private(set) var queries = 0

  private mutating func update(
    _ kind: ObligationKind, _ change: (inout ObligationReport) -> Void
  ) {
    for index in reports.indices where reports[index].kind == kind { change(&reports[index]) }
  }

  mutating func add(_ placement: Placement, _ prover: Prover, _ terms: TermManager) {
    steps += placement.steps
    self.terms += terms.count
    queries += prover.queries
  }

  mutating func proved(_ kind: ObligationKind, by stage: Stage) {
    update(kind) { $0.stage = Swift.max($0.stage ?? stage, stage) }
  }

  mutating func spent(_ kind: ObligationKind, _ duration: Duration, claims: Int) {
    update(kind) {
      $0.seconds += duration.inSeconds
      $0.claims += claims
    }
  }

  mutating func mark(
    _ kind: ObligationKind, _ status: ObligationReport.Status, _ stage: Stage? = nil
  ) {
    update(kind) {
      $0.status = status
      $0.stage = stage
    }
  }

  mutating func markProved(_ kinds: [ObligationKind]) {
    for index in reports.indices where kinds.contains(reports[index].kind) {
      reports[index].status = .proved
    }
  }
}
