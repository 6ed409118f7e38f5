import Terms

/// What decides the queries that the stages before leave open.
public struct Solvers {
  /// Asked first: settles queries over bits at little cost, or gives up soon.
  public let sat: (any Solver)?
  /// Asked next.
  public let smt: any Solver
  /// Asked for what is left, for as long as there is time: over bits too, or nil for the first again.
  public let patientSAT: (any Solver)?

  public init(
    sat: (any Solver)? = nil, smt: any Solver, patientSAT: (any Solver)? = nil
  ) {
    self.sat = sat
    self.smt = smt
    self.patientSAT = patientSAT
  }

  /// The names and versions to put on record.
  public var description: String {
    [sat?.description, smt.description].compactMap(\.self).joined(separator: ", ")
  }

  /// The answer of the first that knows.
  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    if let sat {
      switch sat.check(assertions, in: terms, limits: limits) {
      case .unknown: break
      case let answer: return answer
      }
    }
    return smt.check(assertions, in: terms, limits: limits)
  }
}
