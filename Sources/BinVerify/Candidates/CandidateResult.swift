/// Why candidates cannot be judged; about the specification or the surroundings, never about a
/// candidate.
public enum CandidateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The specification is wrong: `file:line:column: error: …`.
  case specification(String)
  /// Every code would meet the specification: nothing satisfies its precondition.
  case vacuous
  /// The options or the arguments are wrong.
  case usage(String)
  /// No worker could be started, or it does not answer.
  case worker(String)

  public var description: String {
    switch self {
    case .specification(let text), .usage(let text), .worker(let text): text
    case .vacuous: "no input satisfies the precondition, so every code would be proved"
    }
  }
}

/// What was found out about one candidate.
public struct CandidateResult: Sendable, Hashable {
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    case proved, refuted, inconclusive
    /// Something in it cannot be decoded or followed.
    case unsupported
  }

  /// How one obligation fared.
  public struct Obligation: Sendable, Hashable {
    public let kind: ObligationKind
    /// `proved`, `refuted`, `inconclusive` or `undecided`.
    public let status: ObligationReport.Status
  }

  public let verdict: Verdict
  /// From 0 to 1, the same at every run; 1 only for what is proved (`Reward`).
  public let reward: Double
  /// What is wrong or why there is no verdict; empty where it is proved.
  public let reason: String
  public let obligations: [Obligation]
  /// The counterexample as JSON text, if it was refuted; nil where no reports are asked for.
  public let counterexample: String?
  /// The input that refuted it, for a `CounterexampleBank`, if no test had; opaque text.
  public let failingInput: String?
  /// The report as `binverify prove --json` prints it; empty where none are asked for.
  public let report: String
}
