import Contracts
import MachineModel
import Terms

/// One proof for all placements of the buffers, on copies of memory as `Verifier` has them.
///
/// There both codes do what they do in the one memory. That the first is safe is not assumed, which would
/// say less of copies, but proved (`Docs/Decisions/0031`).
extension EquivalenceVerifier {
  /// Whether one such proof succeeds. If not, nothing is known, and each placement has to be considered.
  func isEquivalentWhereverBuffersLie(
    _ bounds: [String: Int64], _ deadline: Deadline, _ tally: inout Tally
  ) throws -> Bool {
    let buffers = contract.parameters.compactMap(\.buffer)
    guard buffers.count > 1 else { return false }
    let inputs = try Inputs(
      contract, .apart(buffers.count), limits: bounds,
      in: TermManager(capacity: options.termCapacity), hasCopies: true)
    guard inputs.copies.count > 1 else { return false }
    let share = Deadline(seconds: deadline.remaining / 2)
    let pair = try Pair(self, inputs, share)
    // Contents that differ where buffers overlap are no input; where none do, every model is one.
    guard case .possible = pair.prover.feasibility(inputs.isApart),
      let (a, b) = executed(pair, .init(iterations: options.iterations, deadline: share))
    else { return false }
    var found = tally
    guard isProved(a, b, pair.prover, &found) else { return false }
    found.placements = 1
    found.markProved(ObligationKind.allCases)
    tally = found
    return true
  }

  /// Both codes executed on copies; nil where those do not stand for the one memory.
  private func executed(
    _ pair: Pair, _ bounds: SymbolicExecutor.Bounds
  ) -> (Placement, Placement)? {
    var a = Placement(pair.inputs, pair.entries.0, first.stream, pair.prover)
    var b = Placement(pair.inputs, pair.entries.1, second.stream, pair.prover)
    do {
      try a.execute(bounds)
      try b.execute(bounds)
    } catch {
      // What cannot be followed or comes to no end is told where each placement is considered.
      return nil
    }
    return a.exit == nil || a.showsStaleCopy || b.showsStaleCopy ? nil : (a, b)
  }

  /// Whether both are safe and agree.
  private func isProved(
    _ a: Placement, _ b: Placement, _ prover: Prover, _ tally: inout Tally
  ) -> Bool {
    let terms = prover.terms
    let questions = ObligationKind.allCases.map { kind in
      let own = a.obligations.filter { $0.kind == kind }.map(\.claim)
      let claims = (own + claims(kind, a, b)).filter { $0 != terms.true }
      let grouped = kind == .ensures ? claims : [terms.and(claims)]
      return (kind, claims.count, prover.ledgerClaims(grouped, kind, placement: 1))
    }
    if prover.screen(questions.flatMap { $0.2.map(\.claim) }) != nil { return false }
    for (kind, count, claims) in questions {
      let start = ContinuousClock.now
      for claim in claims {
        guard case .proved(let stage) = prover.decide(claim) else { return false }
        tally.proved(kind, by: stage)
      }
      tally.spent(kind, ContinuousClock.now - start, claims: count)
    }
    return true
  }
}
