import Terms

/// The stages that can answer a query, cheapest first.
public enum Stage: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
  case rewrite, evaluate, enumerate, order, split, sat, z3

  private var cost: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether `left` comes before `right`.
  public static func < (left: Stage, right: Stage) -> Bool { left.cost < right.cost }
}

/// What is known of a claim.
package enum Decision {
  case proved(Stage)
  /// An input on which the claim is false, not yet replayed.
  case refuted(Model, Stage)
  case inconclusive(String)
}

/// Decides claims under assumptions, stage by stage.
package final class Prover {
  let terms: TermManager
  let assumptions: [Term]
  let solvers: Solvers
  let limits: SolverLimits
  let stages: Set<Stage>
  let deadline: Deadline
  let defaults: [Term: BitVector]
  /// Where proofs are written down and may be known from; nil for nowhere.
  let ledger: (any ProofLedger)?
  /// Inputs found so far; they refute other claims too.
  var bank: [Model] = []
  /// Shapes of what was proved to be impossible, here or before.
  private let shapes: ProvedShapes
  /// Whether the last proof was one of all assumptions, and not only of those related to the claim: then they may
  /// be impossible without it, and another proof, of other assumptions, learns nothing from it.
  var usedAllAssumptions = false
  /// Claims that samples did not refute, as they are where the assumptions hold.
  var sampled: [Term: Term] = [:]
  /// What the assumptions say outright.
  private lazy var facts: [Term: Term] = {
    let known = self.assumptions.flatMap { self.terms.conjuncts(of: $0) }
      .filter { !self.terms.isConstant($0) }
    return Dictionary(known.map { ($0, self.terms.true) }) { first, _ in first }
  }()
  /// The inputs of which the assumptions leave few bits.
  lazy var inputs = NarrowInputs(self.terms, assumptions: self.assumptions)
  /// The assumptions, each with the variables that occur in it.
  lazy var dependencies = self.assumptions.map {
    ($0, self.terms.freeVariables(of: [$0]))
  }
  /// The number of queries that went to the solver.
  var queries = 0

  package init(
    _ terms: TermManager, assumptions: [Term], solvers: Solvers, limits: SolverLimits,
    stages: Set<Stage>, deadline: Deadline, defaults: [Term: BitVector],
    ledger: (any ProofLedger)? = nil, shapes: ProvedShapes? = nil
  ) {
    self.shapes = shapes ?? ProvedShapes()
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
  package func decide(_ whole: Term, knownBy known: Stage? = nil) -> Decision {
    let screened = sampled[whole]
    let claim = screened ?? assumed([whole])[0]
    if claim == terms.true || assumptions.contains(terms.false) { return .proved(.rewrite) }
    if deadline.hasPassed { return .inconclusive("time limit reached") }
    if stages.contains(.evaluate), screened == nil, let model = sample(claim) {
      return .refuted(model, .evaluate)
    }
    let goal = terms.not(claim)
    let related = relevant(to: goal)
    let shape = ClaimShape(terms.and(related + [goal]), in: terms)
    if let shape, let stage = shapes.stage(shape) { return .proved(stage) }
    usedAllAssumptions = false
    let decision = settle(claim, related, knownBy: known)
    if let shape, !usedAllAssumptions, case .proved(let stage) = decision {
      shapes.add(shape, stage)
    }
    return decision
  }

  /// Decides a claim of a shape that is not known, to which assumptions are `related`.
  private func settle(_ claim: Term, _ related: [Term], knownBy known: Stage?) -> Decision {
    let normal = stages.contains(.rewrite) ? normalized(claim) : claim
    if normal == terms.true { return .proved(.rewrite) }
    let goal = terms.not(normal)
    let related = normal == claim ? related : relevant(to: goal)
    return search(terms.and(related + [goal]), related, goal, knownBy: known)
  }

  /// Decides whether `goal` can be met together with what is related to it, which is `isBad`.
  ///
  /// - Parameter isPart: whether a condition was taken apart already.
  func search(
    _ isBad: Term, _ related: [Term], _ goal: Term, knownBy known: Stage?, isPart: Bool = false
  ) -> Decision {
    let narrow =
      stages.contains(.rewrite) ? NarrowInputs.narrowedByItself(isBad, terms) : isBad
    if narrow == terms.false { return .proved(.rewrite) }
    let enumeration =
      stages.contains(.enumerate)
      ? Enumeration(terms, isBad: inputs.narrowed(isBad)) : nil
    if let answer = enumerate(enumeration, goal, within: 0.02) { return answer }
    // What is assumed of other bits may be too much to try; the claim may hold without.
    if stages.contains(.enumerate), enumeration == nil, isBad != goal {
      let whole = Enumeration(terms, isBad: goal)
      if let answer = enumerate(whole, goal, within: 0.02) { return answer }
    }
    let orders = stages.contains(.order) ? OrderAbstraction(terms, isBad: isBad) : nil
    if let orders, let answer = order(orders, goal) { return answer }
    if let known { return recall(known, isBad, canEnumerate: enumeration != nil) }
    // Taking a condition apart may take longer than trying all inputs.
    if stages.contains(.split), !isPart, !isSoonDone(enumeration), let answer = split(isBad) {
      return answer
    }
    let limit = patience(beside: enumeration)
    if stages.contains(.sat), let orders,
      case .proved = ask(
        [isBad, orders.isRepresentative], by: .sat, share: Swift.min(0.2, limit))
    {
      return .proved(.sat)
    }
    if stages.contains(.sat), let easier = ProductAbstraction(terms, related + [goal]),
      case .proved(let stage) = ask(easier.assertions, share: Swift.min(0.2, limit))
    {
      return .proved(stage)
    }
    if stages.contains(.sat),
      let answer = solve(related, goal, by: .sat, share: Swift.min(0.3, limit))
    {
      return answer
    }
    if stages.contains(.sat), narrow != isBad,
      case .proved = ask([narrow], by: .sat, share: Swift.min(0.2, limit))
    {
      return .proved(.sat)
    }
    if isSoonDone(enumeration), let answer = enumerate(enumeration, goal, within: .infinity) {
      return answer
    }
    return exhaust(enumeration, related, goal)
  }

  /// A proof that is known, of a condition that no stage before the case split settles.
  private func recall(_ known: Stage, _ isBad: Term, canEnumerate: Bool) -> Decision {
    let isPossible =
      switch known {
      case .sat, .z3: true
      case .enumerate: canEnumerate
      case .rewrite, .evaluate, .order, .split: false
      }
    if isPossible, stages.contains(known) {
      // What is known is the query with all assumptions.
      usedAllAssumptions = true
      return .proved(known)
    }
    if known == .split, case .proved(.split)? = split(isBad) { return .proved(.split) }
    return .inconclusive("known as settled by \(known.rawValue), which does not settle it")
  }

  /// The claims where what is assumed to hold is replaced by true.
  func assumed(_ claims: [Term]) -> [Term] {
    stages.contains(.rewrite) ? terms.substitute(facts, in: claims) : claims
  }

  private func normalized(_ claim: Term) -> Term {
    let affine = AffineForms.normalize(claim, in: terms)
    return affine == terms.true ? affine : BitSums.normalize(affine, in: terms)
  }

  /// What a counterexample to `claim` makes true.
  func isBad(_ claim: Term) -> Term {
    terms.and(terms.and(assumptions), terms.not(claim))
  }

  /// A model of the goal and what is related to it, if all other assumptions hold by default.
  func refuted(_ model: Model, _ goal: Term, _ stage: Stage) -> Decision? {
    var model = inputs.completed(model)
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
}
