import MachineModel

/// Branches back.
extension SemanticMachine {
  /// As many instructions are followed again for one branch back.
  private static let repetitionLimit = 256
  /// So many results are kept before all are forgotten.
  private static let keptLimit = 1 << 14

  /// What a branch back from a state to a boundary leads to.
  struct Turn: Hashable {
    let state: UInt64
    let index: Int
  }

  /// What following the code again came to, and how many more instructions may be followed.
  struct Followed {
    let state: SemanticState?
    let left: Int
  }

  /// Whether a branch may go back, `distance` bytes (negative) from its beginning: what was known
  /// there has to hold.
  func isPast(_ distance: Int, _ known: Knowledge, _ state: SemanticState) -> Bool {
    guard rules.branches == .loops else { return false }
    return state.past.contains { $0.distance == -distance && $0.knowledge.isMet(by: known) }
  }

  /// The boundaries that a branch after an instruction may go back to.
  func past(
    _ state: SemanticState, _ effect: InstructionEffect, _ known: Knowledge,
    _ pending: [SemanticState.Place]
  ) -> [SemanticState.Boundary] {
    guard rules.branches == .loops else { return [] }
    var result = [SemanticState.Boundary(distance: 0, knowledge: known, pending: pending)]
    for (index, var place) in state.past.prefix(SemanticMachine.pastLimit - 1).enumerated() {
      if index == 0 { place = place.followed(by: effect) }
      place.distance += effect.length
      if place.distance <= SemanticMachine.backwardReach { result.append(place) }
    }
    return result
  }

  /// Where a branch back leads to a boundary at which more was known than holds now: what both ways know is enough if
  /// the code from there on, followed again with that, comes to the branch in the same way.
  func again(
    from distance: Int, _ known: Knowledge, _ state: SemanticState, _ effect: InstructionEffect
  ) -> Outcome {
    guard rules.branches == .loops,
      let index = state.past.firstIndex(where: { $0.distance == -distance })
    else { return .refused(.target) }
    let isFirst = repetitions == nil
    defer { if isFirst { repetitions = nil } }
    let reached =
      isFirst && known == state.knowledge
      ? followed(state, from: index) : follow(state, from: index, with: known)
    guard let reached else { return .refused(.target) }
    // The branch itself may know even less by now, and then goes back once more.
    return step(reached, effect)
  }

  /// What a branch that changes nothing leads to: the same whatever its condition.
  private func followed(_ state: SemanticState, from index: Int) -> SemanticState? {
    let turn = Turn(state: state.number, index: index)
    if let known = turns[turn] {
      repetitions = known.left
      return known.state
    }
    let reached = follow(state, from: index, with: state.knowledge)
    if turns.count >= SemanticMachine.keptLimit { turns.removeAll(keepingCapacity: true) }
    turns[turn] = Followed(state: reached, left: repetitions ?? 0)
    return reached
  }

  /// The state at the branch with what is known at the boundary and there.
  private func follow(
    _ state: SemanticState, from index: Int, with known: Knowledge
  ) -> SemanticState? {
    if repetitions == nil { repetitions = SemanticMachine.repetitionLimit }
    let common = state.past[index].knowledge.meet(known)
    return common == state.past[index].knowledge
      ? nil : follow(state, from: index, knowing: common)
  }

  /// The state at the last of some boundaries if less was known at an earlier one; nil if the code between them may
  /// not stand there then.
  private func follow(
    _ last: SemanticState, from index: Int, knowing known: Knowledge
  ) -> SemanticState? {
    let past = last.past
    let start = past[index]
    var earlier = Array(past[(index + 1)...])
    for place in earlier.indices { earlier[place].distance -= start.distance }
    let first = SemanticState.Boundary(distance: 0, knowledge: known, pending: start.pending)
    guard
      case .legal(var state) = make(
        known, start.pending, [first] + earlier, hasReturned: last.hasReturned)
    else { return nil }
    for boundary in past.prefix(index + 1).dropFirst().reversed() {
      guard let left = repetitions, left > 0, let effect = boundary.effect else { return nil }
      repetitions = left - 1
      guard case .legal(let next) = step(state, effect) else { return nil }
      state = next
    }
    return state
  }
}
