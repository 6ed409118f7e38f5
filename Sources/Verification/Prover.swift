import Terms

/// The stages that can answer a query, cheapest first.
public enum Stage: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
  case rewrite, evaluate, enumerate, order, split, sat, z3

  private var cost: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether `left` comes before `right`.
  public static func < (left: Stage, right: Stage) -> Bool { left.cost < right.cost }
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
  private let solvers: Solvers
  private let limits: SolverLimits
  private let stages: Set<Stage>
  let deadline: Deadline
  private let defaults: [Term: BitVector]
  /// Where proofs are written down and may be known from; nil for nowhere.
  let ledger: (any ProofLedger)?
  /// Inputs found so far; they refute other claims too.
  private var bank: [Model] = []
  /// Shapes of what was proved to be impossible.
  private var shapes: [ClaimShape: Stage] = [:]
  /// Claims that samples did not refute, as they are where the assumptions hold.
  private var sampled: [Term: Term] = [:]
  /// What the assumptions say outright.
  private lazy var facts: [Term: Term] = {
    let known = self.assumptions.flatMap { self.terms.conjuncts(of: $0) }
      .filter { !self.terms.isConstant($0) }
    return Dictionary(known.map { ($0, self.terms.true) }) { first, _ in first }
  }()
  /// The number of queries that went to the solver.
  private(set) var queries = 0

  init(
    _ terms: TermManager, assumptions: [Term], solvers: Solvers, limits: SolverLimits,
    stages: Set<Stage>, deadline: Deadline, defaults: [Term: BitVector],
    ledger: (any ProofLedger)? = nil
  ) {
    self.terms = terms
    self.assumptions = assumptions.filter { $0 != terms.true }
    self.solvers = solvers
    self.limits = limits
    self.stages = stages
    self.deadline = deadline
    self.defaults = defaults
    self.ledger = ledger
  }

  /// Whether `claim` holds wherever the assumptions do.
  /// - Parameter known: the stage of a proof that is known. What needs no solver is done anew all the
  ///   same, so that only the answers of solvers and long enumerations are taken as they are.
  func decide(_ whole: Term, knownBy known: Stage? = nil) -> Decision {
    let screened = sampled[whole]
    var claim = screened ?? assumed([whole])[0]
    if claim == terms.true || assumptions.contains(terms.false) { return .proved(.rewrite) }
    if stages.contains(.evaluate), screened == nil, let model = sample(claim) {
      return .refuted(model, .evaluate)
    }
    if stages.contains(.rewrite) { claim = normalized(claim) }
    if claim == terms.true { return .proved(.rewrite) }
    let goal = terms.not(claim)
    let related = relevant(to: goal)
    let isBad = terms.and(related + [goal])
    let shape = ClaimShape(isBad, in: terms)
    if let shape, let stage = shapes[shape] { return .proved(stage) }
    let decision = search(isBad, related, goal, knownBy: known)
    if let shape, case .proved(let stage) = decision { shapes[shape] = stage }
    return decision
  }

  /// Decides whether `goal` can be met together with what is related to it, which is `isBad`.
  private func search(
    _ isBad: Term, _ related: [Term], _ goal: Term, knownBy known: Stage?
  ) -> Decision {
    let enumeration = stages.contains(.enumerate) ? Enumeration(terms, isBad: isBad) : nil
    if let answer = enumerate(enumeration, goal, within: 0.02) { return answer }
    // What is assumed of other bits may be too much to try; the claim may hold without.
    if stages.contains(.enumerate), enumeration == nil {
      let whole = Enumeration(terms, isBad: goal)
      if let answer = enumerate(whole, goal, within: 0.02) { return answer }
    }
    if stages.contains(.order), let answer = order(isBad, goal) { return answer }
    if let known { return recall(known, isBad, canEnumerate: enumeration != nil) }
    if stages.contains(.split), let answer = split(isBad) { return answer }
    if stages.contains(.sat), let easier = ProductAbstraction(terms, related + [goal]),
      case .proved = ask(easier.assertions, by: .sat, share: 0.2)
    {
      return .proved(.sat)
    }
    if stages.contains(.sat), let answer = solve(related, goal, by: .sat) { return answer }
    if let answer = enumerate(enumeration, goal, within: 1) { return answer }
    var reason = "no stage that was switched on could decide it"
    if stages.contains(.z3) {
      switch solve(related, goal, by: .z3, share: enumeration == nil ? 1 : 0.4) {
      case .inconclusive(let text)?: reason = text
      case let answer?: return answer
      case nil: break
      }
    }
    return enumerate(enumeration, goal, within: .infinity) ?? .inconclusive(reason)
  }

  /// A proof that is known, of a condition that no stage before the case split settles.
  private func recall(_ known: Stage, _ isBad: Term, canEnumerate: Bool) -> Decision {
    let isPossible =
      switch known {
      case .sat, .z3: true
      case .enumerate: canEnumerate
      case .rewrite, .evaluate, .order, .split: false
      }
    if isPossible, stages.contains(known) { return .proved(known) }
    if known == .split, case .proved(.split)? = split(isBad) { return .proved(.split) }
    return .inconclusive("known as settled by \(known.rawValue), which does not settle it")
  }

  /// The claims where what is assumed to hold is replaced by true.
  private func assumed(_ claims: [Term]) -> [Term] {
    stages.contains(.rewrite) ? terms.substitute(facts, in: claims) : claims
  }

  private func normalized(_ claim: Term) -> Term {
    let affine = AffineForms.normalize(claim, in: terms)
    return affine == terms.true ? affine : BitSums.normalize(affine, in: terms)
  }

  /// What a counterexample to `claim` makes true.
  private func isBad(_ claim: Term) -> Term {
    terms.and(terms.and(assumptions), terms.not(claim))
  }

  /// The answer of trying all inputs; nil if that takes longer than there is time, or if what was
  /// found violates an assumption about something else.
  private func enumerate(
    _ enumeration: Enumeration?, _ goal: Term, within seconds: Double
  ) -> Decision? {
    guard let enumeration, enumeration.seconds < Swift.min(seconds, deadline.remaining)
    else { return nil }
    switch enumeration.run(until: deadline) {
    case .none: return .proved(.enumerate)
    case .found(let model): return refuted(model, goal, .enumerate)
    case .outOfTime: return nil
    }
  }

  /// The answer of trying one assignment for each order of the inputs; nil where more than order
  /// matters.
  private func order(_ isBad: Term, _ goal: Term) -> Decision? {
    guard let orders = OrderAbstraction(terms, isBad: isBad) else { return nil }
    return orders.model().map { refuted($0, goal, .order) } ?? .proved(.order)
  }

  /// A model of the goal and what is related to it, if all other assumptions hold by default.
  private func refuted(_ model: Model, _ goal: Term, _ stage: Stage) -> Decision? {
    var model = model
    model.values.merge(defaults) { found, _ in found }
    guard holds(model, assumptions + [goal]) else { return nil }
    bank.append(model)
    return .refuted(model, stage)
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
  private func split(_ isBad: Term) -> Decision? {
    if CaseSplit.isFalse(terms, isBad) { return .proved(.split) }
    guard let cases = CaseSplit(terms, condition: isBad) else { return nil }
    var strongest = Stage.split
    for part in cases.parts where part != terms.false {
      switch ask([part]) {
      case .proved(let stage): strongest = Swift.max(strongest, stage)
      case .inconclusive(let reason): return .inconclusive(reason)
      case .refuted: return nil
      }
    }
    return .proved(strongest)
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
      if let lane = evaluator.firstLane(where: isBad) {
        let model = Model(evaluator, lane: lane, terms)
        bank.append(model)
        return model
      }
    }
    return nil
  }

  /// Sampled inputs that violate `claim`, at most `count`: others than the first may show what is
  /// wrong to a run.
  ///
  /// - Parameter inputs: terms whose variables differ between the samples, even if the claim does not
  ///   depend on them.
  func witnesses(against claim: Term, among inputs: [Term], count: Int) -> [Model] {
    let isBad = isBad(claim)
    if isBad == terms.false { return [] }
    var evaluator = Evaluator(terms, roots: [isBad] + inputs)
    var sampler = Sampler(terms, roots: [isBad], defaults: defaults)
    var (usual, unusual): ([Model], [Model]) = ([], [])
    for round in 1...4 {
      sampler.fill(&evaluator, terms, round: round)
      evaluator.run()
      for lane in 0..<evaluator.lanes where evaluator.word(isBad, lane: lane) == 1 {
        let model = Model(evaluator, lane: lane, terms)
        if Sampler.keepsDefaults(lane) { usual.append(model) } else { unusual.append(model) }
      }
    }
    return Array(usual.prefix(count / 2) + unusual.prefix(count / 2))
  }

  /// Samples the inputs for claims that are going to be decided, all at once since they have most of
  /// their terms in common; the first that a sample violates, if there is one.
  func screen(_ claims: [Term]) -> Term? {
    let open = claims.filter { $0 != terms.true && sampled[$0] == nil }
    guard stages.contains(.evaluate), open.count > 1, !assumptions.contains(terms.false) else {
      return nil
    }
    let simpler = assumed(open)
    guard let model = sample(terms.and(simpler)) else {
      for (claim, simple) in zip(open, simpler) { sampled[claim] = simple }
      return nil
    }
    return zip(open, simpler).first { !holds(model, [$0.1]) }?.0
  }

  private func tryBank(_ isBad: Term, _ evaluator: inout Evaluator) -> Model? {
    let recent = bank.suffix(evaluator.lanes)
    if recent.isEmpty { return nil }
    for (lane, model) in recent.enumerated() { evaluator.set(model, lane: lane) }
    evaluator.run()
    // Of a model only what this claim depends on: the rest is not what it fails for.
    for lane in 0..<recent.count where evaluator.word(isBad, lane: lane) == 1 {
      return Model(evaluator, lane: lane, terms)
    }
    return nil
  }

  // MARK: Solvers

  /// What the solver of `stage` says of a goal; nil where a first one leaves it to the next.
  private func solve(
    _ related: [Term], _ goal: Term, by stage: Stage, share: Double = 1
  ) -> Decision? {
    for assertions in [related + [goal], assumptions + [goal]] {
      switch ask(assertions, by: stage, share: share) {
      case .proved: return .proved(stage)
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
  private func ask(_ assertions: [Term]) -> Decision {
    var last = Decision.inconclusive("the solvers were switched off")
    for stage in [Stage.sat, .z3] where stages.contains(stage) {
      last = ask(assertions, by: stage, share: 1)
      if case .inconclusive = last { continue }
      break
    }
    return last
  }

  /// - Parameter share: the part of the remaining time that the query may take.
  private func ask(_ assertions: [Term], by stage: Stage, share: Double) -> Decision {
    guard let solver = stage == .sat ? solvers.sat : solvers.smt else {
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
