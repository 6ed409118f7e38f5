import Terms

/// What is asked of solvers.
extension Prover {
  /// What the solver of `stage` says of a goal; nil where a first one leaves it to the next.
  func solve(
    _ related: [Term], _ goal: Term, by stage: Stage, share: Double, isPatient: Bool = false
  ) -> Decision? {
    for (assertions, areAll) in [(related + [goal], false), (assumptions + [goal], true)] {
      switch ask(assertions, by: stage, share: share, isPatient: isPatient) {
      case .proved:
        if areAll { usedAllAssumptions = true }
        return .proved(stage)
      case .inconclusive(let reason): return stage == .z3 ? .inconclusive(reason) : nil
      case .refuted(let model, _):
        guard holds(model, assumptions + [goal]) else { continue }
        bank.append(model)
        return .refuted(model, stage)
      }
    }
    return stage == .z3 ? .inconclusive("the solver's model does not satisfy the query") : nil
  }

  /// Whether the assertions have no solution, by the first solver that knows.
  func ask(_ assertions: [Term], share: Double = 1) -> Decision {
    var last = Decision.inconclusive("the solvers were switched off")
    for stage in [Stage.sat, .z3] where stages.contains(stage) {
      last = ask(assertions, by: stage, share: share)
      if case .inconclusive = last { continue }
      break
    }
    return last
  }

  /// - Parameter share: the part of the remaining time that the query may take.
  func ask(
    _ assertions: [Term], by stage: Stage, share: Double, isPatient: Bool = false
  ) -> Decision {
    let sat = isPatient ? solvers.patientSAT : solvers.sat
    guard let solver = stage == .sat ? sat : solvers.smt else {
      return .inconclusive("no solver")
    }
    var limits = limits
    limits.seconds = Swift.min(limits.seconds, deadline.remaining * share)
    if limits.seconds <= 0 { return .inconclusive("time limit reached") }
    queries += 1
    switch solver.check(assertions, in: terms, limits: limits) {
    case .unsatisfiable: return .proved(stage)
    case .satisfiable(let model): return .refuted(model, stage)
    case .unknown(let reason): return .inconclusive(reason)
    case .interrupted: return .inconclusive("interrupted")
    }
  }

  func holds(_ model: Model, _ assertions: [Term]) -> Bool {
    let all = terms.and(assertions)
    var evaluator = Evaluator(terms, roots: [all], lanes: 1)
    evaluator.set(model, lane: 0)
    evaluator.run()
    return evaluator.word(all, lane: 0) == 1
  }

  /// The assumptions that share variables with `goal`, directly or through one another; leaving
  /// others out can only make a proof harder.
  func relevant(to goal: Term) -> [Term] {
    var reached = Set(terms.freeVariables(of: [goal]))
    var rest = dependencies
    var chosen: [Term] = []
    while let index = rest.firstIndex(where: { $0.1.contains(where: reached.contains) }) {
      let (assumption, variables) = rest.remove(at: index)
      chosen.append(assumption)
      reached.formUnion(variables)
    }
    return chosen + rest.filter { $0.1.isEmpty }.map(\.0)
  }
}
