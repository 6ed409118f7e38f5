import MachineModel
import Terms

/// The answer to one verification.
public enum Verdict: Sendable {
  case proved
  case refuted(Counterexample)
  case inconclusive(Inconclusive)
}

/// Why there is neither a proof nor a counterexample.
public struct Inconclusive: Sendable, Hashable {
  /// The obligation that stayed open.
  public let obligation: ObligationKind
  public let reason: String

  package init(obligation: ObligationKind, reason: String) {
    self.obligation = obligation
    self.reason = reason
  }
}

/// How one obligation fared, all placements of buffers together.
public struct ObligationReport: Sendable {
  public enum Status: String, Sendable, CaseIterable {
    case proved, refuted, inconclusive
    /// Not reached, because another was refuted or stayed open first.
    case undecided
  }

  public let kind: ObligationKind
  public internal(set) var status: Status
  /// The strongest stage that was needed.
  public internal(set) var stage: Stage?
  /// The number of claims it consists of, after rewriting.
  public internal(set) var claims: Int
  public internal(set) var seconds: Double
}

/// A verdict with what it rests on.
public struct VerificationReport: Sendable {
  public let verdict: Verdict
  public let obligations: [ObligationReport]
  /// The placements of buffers that were considered one by one; 1 where one proof covers them all.
  public let placements: Int
  /// The instructions that symbolic execution went through.
  public let steps: Int
  /// The terms that were built.
  public let terms: Int
  public let queries: Int
  public let solver: String
  public let seconds: Double
}

/// Every code would meet this specification: nothing satisfies its precondition.
public struct VacuousSpecification: Error, Sendable, Hashable {
  public let file: String

  public init(file: String) { self.file = file }
}

/// What a verification may cost and which stages it may use.
public struct VerificationOptions: Hashable, Sendable {
  /// Wall-clock time for all obligations together, in seconds.
  public var seconds: Double = 60
  /// Memory in bytes.
  public var memory: UInt64 = 4 << 30
  /// Z3's count of work for one query; zero for no limit.
  public var resource: UInt64 = 0
  public var stages: Set<Stage> = Set(Stage.allCases)
  /// What has to be proved; what is not waivable always has to.
  public var obligations: Set<ObligationKind> = Set(ObligationKind.allCases)
  /// How often a loop may go round.
  public var iterations = 1_024
  /// How many placements of buffers may be considered.
  public var placements = 4_096

  public init() {}

  package var limits: SolverLimits {
    SolverLimits(seconds: seconds, resource: resource, memory: memory)
  }

  /// The most terms that fit the memory: a node, its hash and its share of evaluation.
  var termCapacity: Int { Int(Swift.min(memory / 100, 1 << 31)) }
}

/// What is being worked on, for a display.
public struct Progress: Sendable {
  public let obligation: ObligationKind
  /// The placement being considered, from 1, and how many there are.
  public let placement: Int
  public let placements: Int
}
