import MachineModel
import Terms

/// Conditions as conjunctions, and what a known one says of others.
extension TermManager {
  /// The parts of a conjunction, which is a chain with the later parts on the right.
  func conjuncts(of term: Term) -> [Term] {
    var result: [Term] = []
    var rest = term
    while operation(rest) == .and {
      let parts = children(rest)
      result.append(parts[1])
      rest = parts[0]
    }
    return result + [rest]
  }

  /// `condition` without what follows from `known` at a glance; equal to it wherever `known` holds.
  func decide(_ condition: Term, given known: Term) -> Term {
    if isConstant(condition) { return condition }
    return decide(condition, Set(conjuncts(of: known)))
  }

  private func decide(_ condition: Term, _ facts: Set<Term>) -> Term {
    if facts.contains(condition) { return `true` }
    if facts.contains(not(condition)) { return `false` }
    switch operation(condition) {
    case .and:
      let parts = children(condition)
      return and(decide(parts[0], facts), decide(parts[1], facts))
    case .not: return not(decide(children(condition)[0], facts))
    default: return condition
    }
  }

  /// Puts the outcomes of chances of failure that `condition` says into a state in which it holds: a
  /// retry then comes back to the very state it started from.
  func fixChance(_ condition: Term, in state: inout MachineState) {
    var outcome: [Term: Term] = [:]
    for part in conjuncts(of: condition) {
      let chance = operation(part) == .not ? children(part)[0] : part
      if variable(chance)?.isEnvironment ?? false { outcome[chance] = bool(chance == part) }
    }
    if outcome.isEmpty { return }
    state.cells = substitute(outcome, in: state.cells)
    if var memory = state.memory as? SymbolicMemory {
      memory.substitute(outcome, self)
      state.memory = memory
    }
  }
}
