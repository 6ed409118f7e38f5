import Contracts
import MachineModel
import Terms

/// Proves that code meets a contract, or finds an input on which it does not.
public struct Verifier {
  let stream: InstructionStream
  let contract: Contract
  let solvers: Solvers
  let options: VerificationOptions
  let layout: Layout
  let ledger: (any ProofLedger)?
  let shapes: ProvedShapes?
  private let report: (Progress) -> Void

  /// - Parameters:
  ///   - ledger: where the obligations' queries are written down; nil for nowhere.
  ///   - shapes: what was proved before, by as many stages and solvers, and where to add to it; nil for nothing.
  ///   - progress: told what is being worked on, on the calling thread.
  public init(
    code: Code, contract: Contract, architecture: any Architecture, solvers: Solvers,
    options: VerificationOptions = VerificationOptions(), ledger: (any ProofLedger)? = nil,
    shapes: ProvedShapes? = nil, progress: @escaping (Progress) -> Void = { _ in }
  ) throws(SpecificationError) {
    self.shapes = shapes
    stream = InstructionStream(code, architecture)
    self.contract = contract
    self.solvers = solvers
    self.options = options
    self.ledger = ledger
    layout = try contract.layout(for: architecture)
    report = progress
  }

  /// The verdict. Throws `SpecificationError`, `UnsupportedCode` and `VacuousSpecification`.
  public func verify() throws -> VerificationReport {
    let start = ContinuousClock.now
    let end = Deadline(seconds: options.seconds)
    var tally = Tally()
    var verdict: Verdict
    do {
      verdict = try decide(&tally)
    } catch let incomplete as Incomplete {
      tally.mark(incomplete.obligation, .inconclusive)
      verdict = .inconclusive(
        Inconclusive(obligation: incomplete.obligation, reason: incomplete.reason))
    }
    if case .inconclusive = verdict, options.stages.contains(.evaluate),
      let found = refutedByRunning(until: end)
    {
      tally.mark(found.obligation, .refuted, .evaluate)
      verdict = .refuted(found)
    }
    let seconds = ContinuousClock.now - start
    return VerificationReport(
      verdict: verdict, obligations: tally.reports, placements: tally.placements,
      steps: tally.steps, terms: tally.terms, queries: tally.queries,
      solver: solvers.description, seconds: seconds.inSeconds)
  }

  private func decide(_ tally: inout Tally) throws -> Verdict {
    let deadline = Deadline(seconds: options.seconds * (1 - Self.shareOfRuns))
    let bounds = try LengthBounds.find(contract, solvers: solvers, limits: options.limits)
    if try isProvedWhereverBuffersLie(bounds, deadline, &tally) { return .proved }
    let cases = try Aliasing.cases(of: contract, bounds, limit: options.placements)
    tally.placements = cases.count
    var isVacuous = true
    for (index, aliasing) in cases.enumerated() {
      let progress = { (kind: ObligationKind) in
        report(Progress(obligation: kind, placement: index + 1, placements: cases.count))
      }
      let terms = TermManager(capacity: options.termCapacity)
      let inputs = try Inputs(contract, aliasing, limits: bounds, in: terms)
      let entry = EntryState(inputs, stream.code, stream.architecture, layout)
      let prover = Prover(
        terms, assumptions: inputs.assumptions + entry.assumptions, solvers: solvers,
        limits: options.limits, stages: options.stages, deadline: deadline,
        defaults: entry.defaults, ledger: ledger, shapes: shapes)
      if isVacuous {
        progress(.ensures)
        guard try prover.canStart() else { continue }
        isVacuous = false
      }
      var placement = Placement(inputs, entry, stream, prover)
      defer { tally.add(placement, prover, terms) }
      progress(.termination)
      try placement.execute(
        SymbolicExecutor.Bounds(
          iterations: options.iterations, deadline: deadline))
      try placement.finish()
      if let verdict = try settle(placement, index + 1, &tally, progress) { return verdict }
    }
    if isVacuous { throw VacuousSpecification(file: contract.file) }
    tally.markProved(required)
    return .proved
  }

  /// The obligations to decide, in order.
  var required: [ObligationKind] {
    ObligationKind.allCases.filter {
      options.obligations.contains($0) || !ObligationKind.waivable.contains($0)
    }
  }

  /// Decides the obligations of one placement; nil if all are proved. Where one is open the others can
  /// still be refuted, and are not said to be proved.
  private func settle(
    _ placement: Placement, _ number: Int, _ tally: inout Tally,
    _ progress: (ObligationKind) -> Void
  ) throws -> Verdict? {
    let questions = questions(placement, number)
    let first = placement.prover.screen(questions.flatMap { $0.claims.map(\.claim) })
    var open: Verdict?
    for (kind, count, claims) in questions {
      progress(kind)
      let start = ContinuousClock.now
      // A claim that is known to be false comes first.
      let ordered = claims.filter { $0.claim == first } + claims.filter { $0.claim != first }
      var attempt = tally
      let verdict = decide(kind, ordered, placement, &attempt)
      attempt.spent(kind, ContinuousClock.now - start, claims: count)
      if case .refuted? = verdict {
        tally = attempt
        return verdict
      }
      if open == nil { (tally, open) = (attempt, verdict) }
    }
    return open
  }

  /// The obligations of one placement, each with the number of its claims and with these as they are
  /// asked.
  func questions(
    _ placement: Placement, _ number: Int
  ) -> [(kind: ObligationKind, count: Int, claims: [LedgerClaim])] {
    required.map { kind in
      let claims = placement.obligations.filter { $0.kind == kind }.map(\.claim)
      let grouped = grouped(claims, kind, placement)
      let asked = placement.prover.ledgerClaims(grouped, kind, placement: number)
      return (kind, claims.count, asked)
    }
  }

  /// The claims as they are asked: one by one for the postcondition, together for the rest.
  private func grouped(
    _ claims: [Term], _ kind: ObligationKind, _ placement: Placement
  ) -> [Term] {
    kind == .ensures ? claims : [placement.inputs.terms.and(claims)]
  }

  private func decide(
    _ kind: ObligationKind, _ claims: [LedgerClaim], _ placement: Placement,
    _ tally: inout Tally
  ) -> Verdict? {
    if claims.isEmpty { tally.proved(kind, by: .rewrite) }
    for claim in claims {
      switch placement.prover.decide(claim) {
      case .proved(let stage): tally.proved(kind, by: stage)
      case .inconclusive(let reason):
        tally.mark(kind, .inconclusive)
        return .inconclusive(Inconclusive(obligation: kind, reason: reason))
      case .refuted(let model, let stage):
        guard let found = confirm(model, claim.claim, kind, placement) else {
          tally.mark(kind, .inconclusive)
          return .inconclusive(
            Inconclusive(
              obligation: kind,
              reason: placement.description(of: model, kind)
                + " (no run on what was found confirms it: the analysis may be too coarse)"))
        }
        tally.mark(found.obligation, .refuted, stage)
        return .refuted(found)
      }
    }
    return nil
  }

  /// A counterexample that a run confirms: the shrunk model's if possible, else the model's own, else
  /// that of another input. Where a claim fails because the engine cannot follow the code, only some
  /// inputs show a violation.
  private func confirm(
    _ model: Model, _ claim: Term, _ kind: ObligationKind, _ placement: Placement
  ) -> Counterexample? {
    let finder = CounterexampleFinder(
      stream: stream, contract: contract, layout: layout, inputs: placement.inputs,
      entry: placement.entry, solvers: solvers, limits: options.limits)
    let candidates = [placement.prover.shrink(model, violating: claim), model]
    if kind == .independence {
      return candidates.lazy.compactMap { finder.confirmDependence($0, placement.twin(of: $0)) }
        .first
    }
    var steps = Self.longestRun
    for candidate in candidates {
      switch finder.run(candidate, steps: steps, until: placement.prover.deadline) {
      case .violation(let found): return found
      case .nothing: break
      // Where one run takes very long, others that are worth waiting for are short.
      case .tooLong: steps = Self.stepLimit
      }
    }
    let others = placement.prover.witnesses(
      against: claim, among: placement.entry.state.cells, count: 16)
    for other in others where !placement.prover.deadline.hasPassed {
      if let found = finder.confirm(other, steps: Self.stepLimit) { return found }
    }
    return strayed(kind, placement, finder)
  }

  /// A counterexample in which something that the engine does not follow is wrong for certain.
  private func strayed(
    _ kind: ObligationKind, _ placement: Placement, _ finder: CounterexampleFinder
  ) -> Counterexample? {
    let terms = placement.inputs.terms
    let wrong = placement.obligations.filter { $0.kind == kind }.compactMap(\.isWrong)
    let claim = terms.not(terms.or(wrong))
    guard case .refuted(let model, _) = placement.prover.decide(claim) else { return nil }
    return [placement.prover.shrink(model, violating: claim), model].lazy
      .compactMap { finder.confirm($0, steps: Self.stepLimit) }.first
  }
}
