import Terms

/// The stages that can answer a query, cheapest first.
public enum Stage: String, Sendable, Hashable, CaseIterable, Codable {
  case rewrite, evaluate, enumerate, split, z3
}

/// What is known of a claim.
enum Decision {
  case proved(Stage)
  /// An input on which the claim is false, not yet replayed.
  case refuted(Model, Stage)
  case inconclusive(String)
}

/// Decides claims under assumptions, stage by stage.
final class Prover {
  let terms: TermManager
  let assumptions: [Term]
  private let solver: any Solver
  private let limits: SolverLimits
  private let stages: Set<Stage>
  private let deadline: Deadline
  private let defaults: [Term: BitVector]
  /// Inputs found so far; they refute other claims too.
  private var bank: [Model] = []
  /// The number of queries that went to the solver.
  private(set) var queries = 0

  init(
    _ terms: TermManager, assumptions: [Term], solver: any Solver, limits: SolverLimits,
    stages: Set<Stage>, deadline: Deadline, defaults: [Term: BitVector]
  ) {
    self.terms = terms
    self.assumptions = assumptions.filter { $0 != terms.true }
    self.solver = solver
    self.limits = limits
    self.stages = stages
    self.deadline = deadline
    self.defaults = defaults
  }

  /// Whether `claim` holds wherever the assumptions do.
  func decide(_ claim: Term) -> Decision {
    if claim == terms.true || assumptions.contains(terms.false) { return .proved(.rewrite) }
    if stages.contains(.evaluate), let model = sample(claim) {
      return .refuted(model, .evaluate)
    }
    let claim = stages.contains(.rewrite) ? AffineForms.normalize(claim, in: terms) : claim
    if claim == terms.true { return .proved(.rewrite) }
    let goal = terms.not(claim)
    let enumeration =
      stages.contains(.enumerate)
      ? Enumeration(terms, isBad: terms.and(relevant(to: goal) + [goal])) : nil
    if let enumeration, enumeration.seconds < 1, let answer = enumerate(enumeration, goal) {
      return answer
    }
    if stages.contains(.split), let answer = split(goal) { return answer }
    guard stages.contains(.z3) else {
      return enumeration.flatMap { enumerate($0, goal) }
        ?? .inconclusive("no stage that was switched on could decide it")
    }
    let answer = solve(claim, share: enumeration == nil ? 1 : 0.4)
    if case .inconclusive = answer, let complete = enumeration.flatMap({ enumerate($0, goal) }) {
      return complete
    }
    return answer
  }

  /// What a counterexample to `claim` makes true.
  private func isBad(_ claim: Term) -> Term {
    terms.and(terms.and(assumptions), terms.not(claim))
  }

  /// The answer of trying all inputs; nil if there was not enough time, or if what was found
  /// violates an assumption about something else.
  private func enumerate(_ enumeration: Enumeration, _ goal: Term) -> Decision? {
    guard enumeration.seconds < deadline.remaining else { return nil }
    switch enumeration.run(until: deadline) {
    case .none: return .proved(.enumerate)
    case .found(var model):
      model.values.merge(defaults) { found, _ in found }
      guard holds(model, assumptions + [goal]) else { return nil }
      bank.append(model)
      return .refuted(model, .enumerate)
    case .outOfTime: return nil
    }
  }

  /// Whether `condition` can hold together with the assumptions.
  func feasibility(_ condition: Term) -> SymbolicExecutor.Feasibility {
    switch decide(terms.not(condition)) {
    case .proved: .impossible
    case .refuted: .possible
    case .inconclusive(let reason): .unknown(reason)
    }
  }

  /// Whether some input satisfies the assumptions.
  func canStart() throws -> Bool {
    switch feasibility(terms.true) {
    case .impossible: return false
    case .possible: return true
    case .unknown(let reason):
      throw Incomplete(obligation: .ensures, reason: "whether requires can be met: \(reason)")
    }
  }

  /// A simpler model that still satisfies the assumptions and violates `claim`.
  func shrink(_ model: Model, violating claim: Term) -> Model {
    let isBad = isBad(claim)
    var shrinker = Shrinker(terms, isBad: isBad, defaults: defaults)
    return shrinker.shrink(model)
  }

  /// The answer of deciding a claim for each value of an input with few, a length say; nil where no
  /// input lends itself to that.
  private func split(_ goal: Term) -> Decision? {
    let related = relevant(to: goal)
    guard let cases = CaseSplit(terms, condition: terms.and(related + [goal])) else { return nil }
    var strongest = Stage.split
    for part in cases.parts where part != terms.false {
      switch solve(part) {
      case .proved(let stage): if stage == .z3 { strongest = .z3 }
      case .inconclusive(let reason): return .inconclusive(reason)
      case .refuted: return nil
      }
    }
    return .proved(strongest)
  }

  /// Whether `condition`, assumptions and all, has no solution.
  private func solve(_ condition: Term) -> Decision {
    stages.contains(.z3)
      ? ask([condition], share: 1) : .inconclusive("the solver was switched off")
  }

  // MARK: Evaluation

  /// An input that satisfies the assumptions and violates `claim`, if sampling finds one.
  private func sample(_ claim: Term) -> Model? {
    let isBad = isBad(claim)
    if isBad == terms.false { return nil }
    var evaluator = Evaluator(terms, roots: [isBad])
    if let known = tryBank(isBad, &evaluator) { return known }
    var sampler = Sampler(terms, roots: [isBad], defaults: defaults)
    for round in 0..<4 {
      sampler.fill(&evaluator, terms, round: round)
      evaluator.run()
      for lane in 0..<evaluator.lanes where evaluator.word(isBad, lane: lane) == 1 {
        let model = Model(evaluator, lane: lane, terms)
        bank.append(model)
        return model
      }
    }
    return nil
  }

  private func tryBank(_ isBad: Term, _ evaluator: inout Evaluator) -> Model? {
    let recent = bank.suffix(evaluator.lanes)
    if recent.isEmpty { return nil }
    for (lane, model) in recent.enumerated() { evaluator.set(model, lane: lane) }
    evaluator.run()
    for (lane, model) in recent.enumerated() where evaluator.word(isBad, lane: lane) == 1 {
      return model
    }
    return nil
  }

  // MARK: The solver

  private func solve(_ claim: Term, share: Double) -> Decision {
    let goal = terms.not(claim)
    switch ask(relevant(to: goal) + [goal], share: share) {
    case .proved: return .proved(.z3)
    case .inconclusive(let reason): return .inconclusive(reason)
    case .refuted(let model, _):
      if holds(model, assumptions + [goal]) { return found(model) }
      let second = ask(assumptions + [goal], share: share)
      guard case .refuted(let whole, _) = second else { return second }
      return holds(whole, assumptions + [goal])
        ? found(whole) : .inconclusive("the solver's model does not satisfy the query")
    }
  }

  private func found(_ model: Model) -> Decision {
    bank.append(model)
    return .refuted(model, .z3)
  }

  /// - Parameter share: the part of the remaining time that the query may take.
  private func ask(_ assertions: [Term], share: Double) -> Decision {
    var limits = limits
    limits.seconds = Swift.min(limits.seconds, deadline.remaining * share)
    if limits.seconds <= 0 { return .inconclusive("time limit reached") }
    queries += 1
    switch solver.check(assertions, in: terms, limits: limits) {
    case .unsatisfiable: return .proved(.z3)
    case .satisfiable(let model): return .refuted(model, .z3)
    case .unknown(let reason): return .inconclusive(reason)
    case .interrupted: return .inconclusive("interrupted")
    }
  }

  private func holds(_ model: Model, _ assertions: [Term]) -> Bool {
    let all = terms.and(assertions)
    var evaluator = Evaluator(terms, roots: [all], lanes: 1)
    evaluator.set(model, lane: 0)
    evaluator.run()
    return evaluator.word(all, lane: 0) == 1
  }

  /// The assumptions that share variables with `goal`, directly or through one another; leaving
  /// others out can only make a proof harder.
  private func relevant(to goal: Term) -> [Term] {
    var reached = Set(terms.freeVariables(of: [goal]))
    var rest = assumptions.map { ($0, terms.freeVariables(of: [$0])) }
    var chosen: [Term] = []
    while let index = rest.firstIndex(where: { $0.1.contains(where: reached.contains) }) {
      let (assumption, variables) = rest.remove(at: index)
      chosen.append(assumption)
      reached.formUnion(variables)
    }
    return chosen + rest.filter { $0.1.isEmpty }.map(\.0)
  }
}
