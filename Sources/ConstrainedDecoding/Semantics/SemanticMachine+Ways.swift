import MachineModel

/// Where instructions lead, but for the state that is made of it.
extension SemanticMachine {
  /// How the code goes on behind an instruction.
  enum Way {
    case refused(Refusal)
    /// What is known, and the later places that branches go to.
    case on(Knowledge, [SemanticState.Place])
    case ended(Knowledge)
    /// It goes so many bytes from its beginning, to where more was known.
    case again(Int, Knowledge)
  }

  func way(_ state: SemanticState, _ effect: InstructionEffect) -> Way {
    if let refusal = refusal(state, effect.sets) { return .refused(refusal) }
    var after = state.knowledge
    if let refusal = execute(effect, &after) { return .refused(refusal) }
    if effect.flow == .return, let refusal = returning(state.knowledge, after, effect) {
      return .refused(refusal)
    }
    return way(state, effect, after)
  }

  private func way(
    _ state: SemanticState, _ effect: InstructionEffect, _ after: Knowledge
  ) -> Way {
    var pending = state.pending
    for index in pending.indices {
      pending[index].distance -= effect.length
      if pending[index].distance < 0 { return .refused(.boundary) }
    }
    var isOpen = effect.flow != .return && effect.flow != .jump
    var known = after
    if effect.flow == .jump || effect.flow == .conditionalJump {
      guard let target = effect.target else { return .refused(.target) }
      if target >= 0 {
        guard add(target, after, &pending) else { return .refused(.target) }
      } else if !isPast(target + effect.length, after, state) {
        return .again(target + effect.length, after)
      }
    }
    if let first = pending.first, first.distance == 0 {
      known = isOpen ? known.meet(first.knowledge) : first.knowledge
      isOpen = true
      pending.removeFirst()
    }
    // Only a later branch back can go there. What will have a value then is not known yet: the branch follows the code
    // from there on again with what has one.
    if !isOpen, rules.branches == .loops, !pending.isEmpty {
      if effect.flow == .return { known = state.knowledge }
      known.defined = .all
      isOpen = true
    }
    if isOpen { return .on(known, pending) }
    // A jump back is the end as well where a return came before.
    let isEnd = effect.flow == .return || state.hasReturned
    return isEnd && pending.isEmpty ? .ended(known) : .refused(.unreachable)
  }

  /// Adds a branch's target; false if it is too far away or one too many.
  private func add(
    _ distance: Int, _ known: Knowledge, _ pending: inout [SemanticState.Place]
  ) -> Bool {
    guard distance <= SemanticMachine.forwardReach else { return false }
    if let index = pending.firstIndex(where: { $0.distance == distance }) {
      pending[index].knowledge = pending[index].knowledge.meet(known)
      return true
    }
    guard pending.count < SemanticMachine.pendingLimit else { return false }
    let index = pending.firstIndex { $0.distance > distance } ?? pending.count
    pending.insert(SemanticState.Place(distance: distance, knowledge: known), at: index)
    return true
  }
}
