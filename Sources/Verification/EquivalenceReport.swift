/// The answer to one comparison.
public enum EquivalenceVerdict: Sendable {
  case equivalent
  case different(Difference)
  case inconclusive(Inconclusive)
}

/// An input on which two pieces of code differ, confirmed by running both.
public struct Difference: Sendable {
  /// `ensures` where the outcomes differ, else the obligation that only the second violates.
  public let obligation: ObligationKind
  public let message: String
  /// The instruction of the second at which it goes wrong, if it does not get to its end.
  public let address: UInt64?
  /// The input as the first and as the second machine got it.
  public let input: ConcreteInput
  public let secondInput: ConcreteInput
  public let first: Counterexample.Outcome
  /// Nil where the second does not get to its end.
  public let second: Counterexample.Outcome?
  public let firstTrace: [TraceStep]
  public let secondTrace: [TraceStep]
}

/// A comparison's answer with what it rests on.
public struct EquivalenceReport: Sendable {
  public let verdict: EquivalenceVerdict
  public let obligations: [ObligationReport]
  public let placements: Int
  public let solver: String
  public let seconds: Double
}
