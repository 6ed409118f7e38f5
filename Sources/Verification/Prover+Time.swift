import Terms

/// How stages share the time that there is for a claim.
extension Prover {
  /// Spends the time that is left: at most half of it on Z3, then on all inputs if that is enough, else on
  /// the first solver again; all of it on Z3 where neither can do anything.
  func exhaust(
    _ enumeration: Enumeration?, _ related: [Term], _ goal: Term
  ) -> Decision {
    var reason = "no stage that was switched on could decide it"
    if stages.contains(.z3) {
      let isLast = enumeration == nil && !canBePatient(related + [goal])
      let share = isLast ? 1 : Swift.min(0.5, spare(beside: enumeration))
      switch solve(related, goal, by: .z3, share: share) {
      case .inconclusive(let text)?: reason = text
      case let answer?: return answer
      case nil: break
      }
    }
    if let answer = enumerate(enumeration, goal, within: .infinity) { return answer }
    if stages.contains(.sat),
      // The other half is for the check of its proof.
      let answer = solve(related, goal, by: .sat, share: 0.5, isPatient: true)
    {
      return answer
    }
    return .inconclusive(reason)
  }

  /// Whether the first solver can be asked again: not about arrays but for elements of those that are given.
  private func canBePatient(_ assertions: [Term]) -> Bool {
    solvers.patientSAT != nil && stages.contains(.sat)
      && !terms.support(of: assertions).contains {
        if case .array = terms.sort($0) { terms.operation($0) != .variable } else { false }
      }
  }

  /// Whether trying all inputs takes a small part of the remaining time.
  func isSoonDone(_ enumeration: Enumeration?) -> Bool {
    guard let enumeration else { return false }
    return enumeration.seconds < (enumeration.isNarrow ? 0.2 * deadline.remaining : 1)
  }

  /// The part of the remaining time after which solvers make way for trying all inputs, where that is soon done:
  /// twice as long as it takes.
  func patience(beside enumeration: Enumeration?) -> Double {
    guard let enumeration, enumeration.isNarrow, isSoonDone(enumeration) else { return 1 }
    return Swift.min(1, 2 * enumeration.seconds / deadline.remaining)
  }

  /// The part of the remaining time that trying all inputs leaves; all of it where there is too little for
  /// that, or how much that takes is not known well.
  private func spare(beside enumeration: Enumeration?) -> Double {
    guard let enumeration, enumeration.isNarrow, enumeration.seconds < deadline.remaining
    else { return 1 }
    return Swift.max(0, 1 - 1.25 * enumeration.seconds / deadline.remaining)
  }
}
