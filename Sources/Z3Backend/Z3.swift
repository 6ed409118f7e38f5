import Terms

/// Z3, each query in a child process that is ended when it passes its limits.
public final class Z3: Solver {
  private let solver: any Solver

  /// - Parameters:
  ///   - isolated: whether queries run in a child process; in this one nothing ends a Z3 that
  ///     ignores its limits.
  ///   - onProgress: called about every 100 ms of an isolated query with the seconds since its start.
  public init(isolated: Bool = true, onProgress: ((_ elapsed: Double) -> Void)? = nil) {
    guard isolated else {
      solver = Z3Solver()
      return
    }
    let watched = IsolatedSolver(Z3Solver())
    watched.onProgress = onProgress
    solver = watched
  }

  public var description: String { solver.description }

  public func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    solver.check(assertions, in: terms, limits: limits)
  }
}
