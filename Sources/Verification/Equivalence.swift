import Contracts
import MachineModel
import Terms

/// Proves that one piece of code can stand for another under a prototype, whatever their ISAs: for
/// every input that the precondition allows and on which the first is safe, the second is safe,
/// returns the same and leaves the same bytes in every writable buffer.
public struct EquivalenceVerifier {
  struct Side {
    let stream: InstructionStream
    let layout: Layout
    let prefix: String
  }

  let first: Side
  let second: Side
  let contract: Contract
  private let solvers: Solvers
  let options: VerificationOptions
  private let ledger: (any ProofLedger)?
  private let report: (Progress) -> Void

  public init(
    first: Code, _ firstArchitecture: any Architecture, second: Code,
    _ secondArchitecture: any Architecture, contract: Contract, solvers: Solvers,
    options: VerificationOptions = VerificationOptions(), ledger: (any ProofLedger)? = nil,
    progress: @escaping (Progress) -> Void = { _ in }
  ) throws(SpecificationError) {
    self.first = Side(
      stream: InstructionStream(first, firstArchitecture),
      layout: try contract.layout(for: firstArchitecture), prefix: "%A.")
    self.second = Side(
      stream: InstructionStream(second, secondArchitecture),
      layout: try contract.layout(for: secondArchitecture), prefix: "%B.")
    self.contract = contract.ofAnyLength
    self.solvers = solvers
    self.options = options
    self.ledger = ledger
    report = progress
  }

  /// The verdict. Throws `SpecificationError`, `UnsupportedCode` and `VacuousSpecification`.
  public func verify() throws -> EquivalenceReport {
    let start = ContinuousClock.now
    var tally = Tally()
    let verdict: EquivalenceVerdict
    do {
      verdict = try decide(&tally)
    } catch let incomplete as Incomplete {
      tally.mark(incomplete.obligation, .inconclusive)
      verdict = .inconclusive(
        Inconclusive(obligation: incomplete.obligation, reason: incomplete.reason))
    }
    return EquivalenceReport(
      verdict: verdict, obligations: tally.reports, placements: tally.placements,
      solver: solvers.description, seconds: (ContinuousClock.now - start).inSeconds)
  }

  private func decide(_ tally: inout Tally) throws -> EquivalenceVerdict {
    let deadline = Deadline(seconds: options.seconds)
    let bounds = try LengthBounds.find(contract, solvers: solvers, limits: options.limits)
    if try isEquivalentWhereverBuffersLie(bounds, deadline, &tally) { return .equivalent }
    let cases = try Aliasing.cases(of: contract, bounds, limit: options.placements)
    tally.placements = cases.count
    var isVacuous = true
    var isSafeSomewhere = false
    for (index, aliasing) in cases.enumerated() {
      let inputs = try Inputs(
        contract, aliasing, limits: bounds,
        in: TermManager(capacity: options.termCapacity))
      let pair = try Pair(self, inputs, deadline)
      if isVacuous {
        guard try pair.prover.canStart() else { continue }
        isVacuous = false
      }
      let progress = { (kind: ObligationKind) in
        report(Progress(obligation: kind, placement: index + 1, placements: cases.count))
      }
      let answer = try settle(pair, index + 1, deadline, &isSafeSomewhere, &tally, progress)
      if let answer { return answer }
    }
    if isVacuous { throw VacuousSpecification(file: contract.file) }
    guard isSafeSomewhere else {
      throw Incomplete(obligation: .ensures, reason: "no input is known on which the first is safe")
    }
    tally.markProved(ObligationKind.allCases)
    return .equivalent
  }

  /// The two machines at entry for one placement, and what may be assumed of them.
  struct Pair {
    let inputs: Inputs
    let entries: (EntryState, EntryState)
    let prover: Prover

    init(_ verifier: EquivalenceVerifier, _ inputs: Inputs, _ deadline: Deadline) throws {
      self.inputs = inputs
      func entry(_ side: Side) -> EntryState {
        EntryState(
          inputs, side.stream.code, side.stream.architecture, side.layout, prefix: side.prefix)
      }
      entries = (entry(verifier.first), entry(verifier.second))
      prover = Prover(
        inputs.terms,
        assumptions: inputs.assumptions + entries.0.assumptions + entries.1.assumptions,
        solvers: verifier.solvers, limits: verifier.options.limits,
        stages: verifier.options.stages, deadline: deadline,
        defaults: entries.0.defaults.merging(entries.1.defaults) { first, _ in first },
        ledger: verifier.ledger)
    }
  }

  private func settle(
    _ pair: Pair, _ number: Int, _ deadline: Deadline, _ isSafeSomewhere: inout Bool,
    _ tally: inout Tally, _ progress: (ObligationKind) -> Void
  ) throws -> EquivalenceVerdict? {
    let terms = pair.inputs.terms
    let bounds = SymbolicExecutor.Bounds(iterations: options.iterations, deadline: deadline)
    progress(.termination)
    var a = Placement(pair.inputs, pair.entries.0, first.stream, pair.prover)
    var b = Placement(pair.inputs, pair.entries.1, second.stream, pair.prover)
    try a.execute(bounds)
    try b.execute(bounds)
    let isSafe = terms.and(a.obligations.map(\.claim))
    let questions = questions(a, b, isSafe, pair.prover, placement: number)
    if let open = unsettled(a, pair, &tally) { return open }
    if !isSafeSomewhere, let exit = a.exit,
      case .possible = pair.prover.feasibility(terms.and(isSafe, exit.condition))
    {
      isSafeSomewhere = true
    }
    for (kind, count, claims) in questions {
      progress(kind)
      let start = ContinuousClock.now
      defer { tally.spent(kind, ContinuousClock.now - start, claims: count) }
      for claim in claims {
        if let verdict = decide(claim, kind, pair, &tally) { return verdict }
      }
    }
    return nil
  }

  /// The obligations, each with the number of its claims and with these as they are asked.
  private func questions(
    _ a: Placement, _ b: Placement, _ isSafe: Term, _ prover: Prover, placement: Int
  ) -> [(kind: ObligationKind, count: Int, claims: [LedgerClaim])] {
    let terms = prover.terms
    return ObligationKind.allCases.map { kind in
      let claims = claims(kind, a, b).filter { $0 != terms.true }
      let grouped = kind == .ensures ? claims : [terms.and(claims)]
      let asked = grouped.map { terms.implies(isSafe, $0) }
      return (kind, claims.count, prover.ledgerClaims(asked, kind, placement: placement))
    }
  }

  /// The reason why the first is not known to stay within what the engine follows wherever it is
  /// safe. Claims that say so are proved and never assumed: the code may do right where they fail. Each is
  /// proved from the claims of earlier steps only: where it fails the engine has lost what the code does from
  /// there on, a store say, and what it claims of later steps is about another run.
  private func unsettled(
    _ a: Placement, _ pair: Pair, _ tally: inout Tally
  ) -> EquivalenceVerdict? {
    let terms = pair.inputs.terms
    for (index, obligation) in a.obligations.enumerated() where !obligation.isExact {
      // Those of one step stand together.
      let earlier = a.obligations[..<index].reversed().drop { $0.address == obligation.address }
      let isSafe = terms.and(earlier.map(\.claim))
      switch pair.prover.decide(terms.implies(isSafe, obligation.claim)) {
      case .proved: continue
      case .refuted, .inconclusive:
        tally.mark(obligation.kind, .inconclusive)
        return .inconclusive(
          Inconclusive(
            obligation: obligation.kind, reason: "not known of the first: \(obligation.text)"))
      }
    }
    return nil
  }

  /// What has to hold of both for an obligation; the postcondition is that they agree, whatever
  /// is undefined in either, so that independence is part of it.
  func claims(_ kind: ObligationKind, _ a: Placement, _ b: Placement) -> [Term] {
    let terms = a.inputs.terms
    guard kind == .ensures else { return b.obligations.filter { $0.kind == kind }.map(\.claim) }
    guard let exitA = a.exit else { return [] }
    guard let exitB = b.exit else { return [terms.not(exitA.condition)] }
    let both = terms.and(exitA.condition, exitB.condition)
    let outputs = zip(a.outputs(exitA), b.outputs(exitB)).map { terms.equal($0, $1) }
    let buffers = zip(a.writtenElements(exitA), b.writtenElements(exitB)).map {
      terms.implies($0.exists, terms.equal($0.value, $1.value))
    }
    return (outputs + buffers).map { terms.implies(both, $0) }
  }

  private func decide(
    _ claim: LedgerClaim, _ kind: ObligationKind, _ pair: Pair, _ tally: inout Tally
  ) -> EquivalenceVerdict? {
    switch pair.prover.decide(claim) {
    case .proved(let stage):
      tally.proved(kind, by: stage)
      return nil
    case .inconclusive(let reason):
      tally.mark(kind, .inconclusive)
      return .inconclusive(Inconclusive(obligation: kind, reason: reason))
    case .refuted(let model, let stage):
      for candidate in [pair.prover.shrink(model, violating: claim.claim), model] {
        guard let found = confirm(candidate, pair, kind) else { continue }
        tally.mark(kind, .refuted, stage)
        return .different(found)
      }
      tally.mark(kind, .inconclusive)
      return .inconclusive(
        Inconclusive(
          obligation: kind,
          reason: "a difference was found but running both did not confirm it"))
    }
  }
}
