import Terms

/// What is wrong with code, by a test.
package struct Refutation: Sendable, Hashable {
  package let kind: ObligationKind
  package let message: String

  /// How the obligations fare of code of which a test violates one.
  package var obligations: [ObligationReport] {
    var tally = Tally()
    tally.mark(kind, .refuted, .evaluate)
    return tally.reports
  }

  // MARK: What only the final state shows

  static let wrongOutcome = Refutation(kind: .ensures, message: "the postcondition is false")

  static func returns(to address: UInt64) -> Refutation {
    Refutation(kind: .abi, message: "returns to \(hex(address)) and not to its caller")
  }

  static func leaves(
    _ part: Preserved.Part, _ found: BitVector, not expected: BitVector
  ) -> Refutation {
    Refutation(
      kind: .abi,
      message: "\(part.name) is 0x\(found.hexDigits) at the end, not 0x\(expected.hexDigits)")
  }
}

extension VerificationReport {
  /// The report of code that a run on a test refuted, before anything was asked of a solver.
  package init(refutedBy found: Counterexample, seconds: Double) {
    let refutation = Refutation(kind: found.obligation, message: found.message)
    self.init(
      verdict: .refuted(found), obligations: refutation.obligations, placements: 0,
      steps: found.steps, terms: 0, queries: 0, solver: "none", seconds: seconds)
  }
}
