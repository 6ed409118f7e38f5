import Contracts
import MachineModel
import Terms

/// One proof for all placements of the buffers.
///
/// Every buffer that may overlap another gets a copy of memory of its own, and nothing is assumed of
/// how the buffers lie. The copies start as the one memory does, and a store goes to the copy of the
/// buffer that it is made through. As long as no load from a copy comes after a store to another, each
/// load gives what it gives in the one memory, wherever the buffers are, so that both runs are the
/// same; what is proved of all contents of the copies then holds of those that agree where the buffers
/// overlap (`Docs/Decisions/0015`).
extension Verifier {
  /// Whether one such proof succeeds. If not, nothing is known, and each placement has to be considered.
  func isProvedWhereverBuffersLie(
    _ bounds: [String: Int64], _ deadline: Deadline, _ tally: inout Tally
  ) throws -> Bool {
    let buffers = contract.parameters.compactMap(\.buffer)
    guard buffers.count > 1 else { return false }
    let terms = TermManager(capacity: options.termCapacity)
    let inputs = try Inputs(
      contract, .apart(buffers.count), limits: bounds, in: terms, hasCopies: true)
    guard inputs.copies.count > 1 else { return false }
    let entry = EntryState(inputs, stream.code, stream.architecture, layout)
    let share = Deadline(seconds: deadline.remaining / 2)
    let prover = Prover(
      terms, assumptions: inputs.assumptions + entry.assumptions, solvers: solvers,
      limits: options.limits, stages: options.stages, deadline: share, defaults: entry.defaults,
      ledger: ledger, shapes: shapes)
    // Contents that differ where buffers overlap are no input; where none do, every model is one.
    guard case .possible = prover.feasibility(inputs.isApart) else { return false }
    var placement = Placement(inputs, entry, stream, prover)
    do {
      try placement.execute(.init(iterations: options.iterations, deadline: share))
    } catch is StaleCopy {
      return false
    } catch is Incomplete {
      return false
    } catch is UnsupportedCode {
      return false
    }
    guard !placement.showsStaleCopy else { return false }
    try placement.finish()
    var found = tally
    guard isProved(placement, &found) else { return false }
    found.add(placement, prover, terms)
    found.placements = 1
    found.markProved(required)
    tally = found
    return true
  }

  private func isProved(_ placement: Placement, _ tally: inout Tally) -> Bool {
    let questions = questions(placement, 1)
    if placement.prover.screen(questions.flatMap { $0.claims.map(\.claim) }) != nil { return false }
    for (kind, count, claims) in questions {
      let start = ContinuousClock.now
      if claims.isEmpty { tally.proved(kind, by: .rewrite) }
      for claim in claims {
        guard case .proved(let stage) = placement.prover.decide(claim) else { return false }
        tally.proved(kind, by: stage)
      }
      tally.spent(kind, ContinuousClock.now - start, claims: count)
    }
    return true
  }
}

extension Placement {
  /// Whether a buffer that the contract looks at after the return may have been changed by a store
  /// through another.
  var showsStaleCopy: Bool {
    guard let memory = exit?.state.memory as? SymbolicMemory else { return false }
    let changed = memory.changedCopies
    return inputs.buffers.contains { buffer in
      inputs.copies.contains(buffer.group) && !buffer.type.isConst
        && !changed.isSubset(of: [buffer.group])
    }
  }
}
