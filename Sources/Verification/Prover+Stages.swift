import Terms

/// The stages that need no solver, or little of one.
extension Prover {
  /// The answer of trying all inputs; nil if that takes longer than there is time, or if what was
  /// found violates an assumption about something else.
  func enumerate(
    _ enumeration: Enumeration?, _ goal: Term, within seconds: Double
  ) -> Decision? {
    let patience = Swift.min(seconds, ledger?.patience ?? .infinity)
    guard let enumeration, enumeration.seconds < Swift.min(patience, deadline.remaining)
    else { return nil }
    switch enumeration.run(until: deadline) {
    case .none: return .proved(.enumerate)
    case .found(let model): return refuted(model, goal, .enumerate)
    case .outOfTime: return nil
    }
  }

  /// The answer of trying one assignment for each order of the inputs; nil where there are too many.
  func order(_ orders: OrderAbstraction, _ goal: Term) -> Decision? {
    guard orders.isShort else { return nil }
    return orders.model().map { refuted($0, goal, .order) } ?? .proved(.order)
  }

  /// The answer of deciding a claim for each value of an input with few, a length say; nil where no
  /// input lends itself to that.
  func split(_ isBad: Term) -> Decision? {
    if CaseSplit.isFalse(terms, isBad, until: deadline)
      || CaseSplit.isFalseThroughout(terms, isBad, until: deadline)
    {
      return .proved(.split)
    }
    guard let cases = CaseSplit(terms, condition: isBad, until: deadline) else { return nil }
    var strongest = Stage.split
    for part in cases.parts where part != terms.false {
      switch search(part, [], part, knownBy: nil, isPart: true) {
      case .proved(let stage): strongest = Swift.max(strongest, stage)
      case .inconclusive(let reason): return .inconclusive(reason)
      case .refuted: return nil
      }
    }
    return .proved(strongest)
  }
}
