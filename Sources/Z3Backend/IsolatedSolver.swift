import Isolation
import Terms

/// A solver that can do some of its work before the query is known.
///
/// After `prepare` it serves one query in each copy of the process and none here.
protocol Preparable: Solver {
  func prepare()
}

/// A solver in a child process of each query, which is ended when it passes its limits.
///
/// Whatever the solver does (hang, crash, eat all memory), the answer is `unknown` and comes in time.
/// No other thread may be inside the same solver's library when a query starts, because the child
/// would inherit its locks.
public final class IsolatedSolver: Solver {
  /// The time in seconds that the solver has beyond its own limit before it is ended.
  public static let grace = 0.5

  private let inner: any Solver
  /// Called about every 100 ms during a query with the seconds since it started.
  public var onProgress: ((_ elapsed: Double) -> Void)?

  public init(_ inner: any Solver) { self.inner = inner }

  public var description: String { inner.description }

  public func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    if let answer = terms.trivialAnswer(assertions) { return answer }
    let coding = AnswerCoding(variables: terms.freeVariables(of: assertions), terms: terms)
    (inner as? any Preparable)?.prepare()
    let outcome = IsolatedProcess.run(
      timeout: limits.seconds + IsolatedSolver.grace, memory: limits.memory, onTick: onProgress
    ) {
      coding.encode(inner.check(assertions, in: terms, limits: limits))
    }
    return answer(outcome, coding, limits)
  }

  private func answer(
    _ outcome: IsolatedOutcome, _ coding: AnswerCoding, _ limits: SolverLimits
  ) -> SolverAnswer {
    switch outcome {
    case .finished(let bytes):
      return coding.decode(bytes) ?? .unknown("the solver's answer cannot be read")
    case .timedOut:
      return .unknown("no answer after \((limits.seconds * 100).rounded() / 100) s")
    case .outOfMemory: return .unknown("out of memory: \(limits.memory >> 20) MiB")
    case .killed(let signal): return .unknown("the solver was ended by signal \(signal)")
    case .exited(let status): return .unknown("the solver ended with status \(status)")
    case .interrupted: return .interrupted
    case .outputTooLarge: return .unknown("the solver's model is too large")
    case .notStarted(let error): return .unknown("no process for the solver: error \(error)")
    }
  }
}
