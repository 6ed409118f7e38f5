import MachineModel
import Terms

/// States that meet.
extension SymbolicExecutor {
  func isSame(_ left: Path, _ right: Path) -> Bool {
    guard left.state.cells == right.state.cells,
      let a = left.state.memory as? SymbolicMemory,
      let b = right.state.memory as? SymbolicMemory
    else { return false }
    return a.isSame(as: b, terms)
  }

  /// One path for two that exclude each other and have met.
  func merge(_ first: Path, _ second: Path) -> Path {
    let (shared, own, theirs) = split(first.condition, second.condition)
    let isSecond = theirs
    var merged = first
    merged.instructions = max(first.instructions, second.instructions)
    merged.hasForgotten = first.hasForgotten || second.hasForgotten
    merged.goesRound = first.goesRound || second.goesRound
    merged.condition = terms.and(shared, terms.or(own, theirs))
    for index in merged.state.cells.indices {
      merged.state.cells[index] = terms.ifThenElse(
        isSecond, second.state.cells[index], first.state.cells[index])
    }
    merged.state.nextInstruction = terms.ifThenElse(
      isSecond, second.state.nextInstruction, first.state.nextInstruction)
    if var memory = first.state.memory as? SymbolicMemory,
      let other = second.state.memory as? SymbolicMemory
    {
      memory.merge(other, when: isSecond, terms)
      merged.state.memory = memory
    } else if let memory = first.state.memory as? ArrayMemory,
      let other = second.state.memory as? ArrayMemory
    {
      merged.state.memory = ArrayMemory(
        bytes: terms.ifThenElse(isSecond, other.bytes, memory.bytes))
    }
    return merged
  }

  /// Two conjunctions as what they share and what each has alone.
  func split(_ first: Term, _ second: Term) -> (shared: Term, Term, Term) {
    let (left, right) = (terms.conjuncts(of: first), terms.conjuncts(of: second))
    let common = Set(left).intersection(right)
    return (
      terms.and(left.filter(common.contains)),
      terms.and(left.filter { !common.contains($0) }),
      terms.and(right.filter { !common.contains($0) })
    )
  }
}
