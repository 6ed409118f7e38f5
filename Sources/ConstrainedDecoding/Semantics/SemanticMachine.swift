import MachineModel

/// The transition function over `SemanticState`.
///
/// A class for its caches; it is used under the lock of `CompiledDecoder`.
final class SemanticMachine {
  /// What an instruction leads to.
  enum Outcome {
    case legal(SemanticState)
    case refused(Refusal)
  }

  let rules: SemanticRules
  let closers: Closers
  /// The state before the first instruction; nil, with the reason, if no code can be completed.
  @exclusivity(unchecked) private(set) var start: SemanticState?
  @exclusivity(unchecked) private(set) var refusalAtStart: Refusal?
  @exclusivity(unchecked) private var states: Set<SemanticState> = []
  @exclusivity(unchecked) private var nextNumber: UInt64 = 0
  /// How many more instructions may be followed again for a branch back, while one is.
  @exclusivity(unchecked) var repetitions: Int?
  @exclusivity(unchecked) var turns: [Turn: Followed] = [:]

  /// Bytes and boundaries that a branch may go back by.
  static let backwardReach = 256
  static let pastLimit = 64
  /// Bytes that a branch may go forward by, and how many targets may be open.
  static let forwardReach = 1024
  static let pendingLimit = 16
  static let pieceLimit = 256
  /// As many states are shared before all are forgotten.
  private static let stateLimit = 1 << 14

  init(_ rules: SemanticRules, _ closers: Closers) {
    self.rules = rules
    self.closers = closers
    let past =
      rules.branches == .loops
      ? [SemanticState.Boundary(distance: 0, knowledge: rules.entry, pending: [])] : []
    switch make(rules.entry, [], past, hasReturned: false) {
    case .legal(let state): start = state
    case .refused(let refusal): refusalAtStart = refusal
    }
  }

  // MARK: One instruction

  /// Where an instruction leads from a boundary.
  func step(_ state: SemanticState, _ effect: InstructionEffect) -> Outcome {
    switch way(state, effect) {
    case .refused(let refusal): .refused(refusal)
    case .again(let distance, let after): again(from: distance, after, state, effect)
    case .ended(let known):
      .legal(
        shared(
          SemanticState(
            known, isEnded: true, mayEnd: true, ending: Closers.Ending(), number: nextNumber)))
    case .on(let known, let pending):
      make(
        known, pending, past(state, effect, known, pending),
        hasReturned: state.hasReturned || effect.flow == .return)
    }
  }

  /// What is known to complete the code where an instruction leads; nil if it may not stand there.
  func closing(_ state: SemanticState, _ effect: InstructionEffect) -> Cost? {
    switch way(state, effect) {
    case .refused: return nil
    case .ended: return Cost()
    case .on(let known, let pending): return try? ending(known, pending).get().cost
    case .again(let distance, let after):
      guard case .legal(let reached) = again(from: distance, after, state, effect) else {
        return nil
      }
      return reached.closing
    }
  }

  /// What can be said without the instruction's effect on memory.
  func refusal(_ state: SemanticState, _ effect: EffectSets) -> Refusal? {
    if state.isEnded { return .ended }
    if rules.readsDefined {
      if !effect.reads.isSubset(of: state.knowledge.defined) {
        let missing = effect.reads.subtracting(state.knowledge.defined)
        return .undefinedRead(part: missing.first ?? 0)
      }
      if effect.usesUndefined { return .undefinedUse }
    }
    if effect.changes.intersects(rules.frozen) {
      return .kept(part: effect.changes.intersection(rules.frozen).first ?? 0)
    }
    if effect.isRepeated, rules.keepsMemory { return .repeated }
    return flowRefusal(effect.flow)
  }

  /// Why no instruction may go on so, if so.
  func flowRefusal(_ flow: Flow) -> Refusal? {
    switch flow {
    case .sequential: nil
    case .return: rules.endsInReturn ? nil : .control
    case .jump, .conditionalJump:
      rules.branches == .forward || rules.branches == .loops ? nil : .control
    case .call, .indirectJump, .indirectCall, .trap: .control
    }
  }

  // MARK: Ends

  /// Why the code may not return with a state.
  func returning(
    _ before: Knowledge, _ after: Knowledge, _ effect: InstructionEffect
  ) -> Refusal? {
    if rules.balancesStack || rules.restoresCalleeSaved {
      let popped = Int32(rules.convention.poppedAtReturn)
      switch (rules.convention.returnAddress, effect.returnSource) {
      case (.stack, .load(let index)):
        guard region(effect.accesses[index], before) == KnownValue(.stack) else {
          return .stackPointer
        }
      case (.register(let link), .sum(let cell, 0)):
        guard let kept = link.cell?.index, before.values[cell] == rules.entry.values[kept] else {
          return .returnAddress
        }
      default: return .returnAddress
      }
      if after.values[rules.stackPointer] != KnownValue(.stack, offset: popped) {
        return .stackPointer
      }
    }
    return ending(before, isReturn: true)
  }

  /// Why the code may not end with what is known; the stack pointer of a return is looked at elsewhere.
  private func ending(_ known: Knowledge, isReturn: Bool) -> Refusal? {
    if rules.readsDefined, !rules.resultParts.isSubset(of: known.defined) { return .result }
    // A return may take its address from any register that still holds it.
    let link: Int? =
      if case .register(let register) = rules.convention.returnAddress { register.cell?.index } else
      { nil }
    for cell in rules.kept
    where known.values[cell] != rules.entry.values[cell] && !(isReturn && cell == link) {
      return .notKept(cell: cell)
    }
    if !isReturn, rules.balancesStack, known.values[rules.stackPointer] != KnownValue(.stack) {
      return .stackPointer
    }
    return nil
  }

  // MARK: The next boundary

  /// The state at a boundary, if the code can be completed from there.
  func make(
    _ known: Knowledge, _ pending: [SemanticState.Place], _ past: [SemanticState.Boundary],
    hasReturned: Bool
  ) -> Outcome {
    switch ending(known, pending) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let ending):
      let mayEnd =
        !rules.endsInReturn && pending.isEmpty && self.ending(known, isReturn: false) == nil
      return .legal(
        shared(
          SemanticState(
            known, pending: pending, past: past, hasReturned: hasReturned, mayEnd: mayEnd,
            ending: ending, number: nextNumber)))
    }
  }

  /// What is known to complete the code from a boundary.
  private func ending(
    _ known: Knowledge, _ pending: [SemanticState.Place]
  ) -> Result<Closers.Ending, Refusal> {
    var end = known
    var ending = Closers.Ending()
    for place in pending {
      guard let fill = closers.fill(place.distance - ending.cost.bytes) else {
        return .failure(.fill)
      }
      if ending.first == 1 { ending.first = fill.first }
      ending.cost = Cost(
        instructions: ending.cost.instructions + fill.count, bytes: place.distance)
      end = end.meet(place.knowledge)
    }
    return closers.close(end, rules, after: ending)
  }

  // MARK: States

  /// The same state as was made before, if it was.
  private func shared(_ state: SemanticState) -> SemanticState {
    if let index = states.firstIndex(of: state) { return states[index] }
    nextNumber += 1
    if states.count >= SemanticMachine.stateLimit { states.removeAll(keepingCapacity: true) }
    states.insert(state)
    return state
  }

  /// The bytes that states take, about.
  var memory: Int { states.count * (rules.entry.values.count * 8 + 512) + turns.count * 48 }
}
