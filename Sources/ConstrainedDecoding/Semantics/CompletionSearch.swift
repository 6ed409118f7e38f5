/// Whether an instruction that was begun can become one that may stand where it is, and how.
///
/// The way that was found is kept in the position, so that whatever goes on along it is allowed: nothing
/// that was allowed turns out to be a dead end. Only so many ways are tried; where none of them may
/// stand the beginning is refused, which narrows the constraint. Tried are the examples that begin so,
/// and where there are few the instructions of `Candidates`.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class CompletionSearch {
  let automaton: CodeAutomaton
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
  private let tree: InstructionTree
  private let candidates: Candidates
  private let room: Cost

  /// States by their numbers here.
  private var states: [SemanticState] = []
  private var slots: [UInt64: Int32] = [:]
  /// By state and effect: the state after it, or -1.
  private var outcomes = FlatTable()
  /// By state and node: which of `made` completes the instruction, or -1.
  private var plans = FlatTable()
  private var made: [Plan] = []
  /// The effects of the examples by number; -1 where it was not asked for.
  private var exampleEffects: [Int32] = []

  /// How an instruction and the code can be completed.
  struct Plan {
    /// The rest of the instruction, as in `Position.plan`.
    var bytes: UInt128
    /// All that is needed, that instruction included.
    var cost: Cost
  }

  /// As many examples are tried.
  private static let exampleLimit = 64
  /// So many examples of a beginning stand for all instructions that begin so.
  private static let enoughExamples = 6
  /// As many answers are kept before all are forgotten.
  private static let tableLimit = 1 << 18
  private static let stateLimit = 1 << 13
  /// No completion of a code is longer than this.
  static let longestRest = SemanticMachine.forwardReach + 1024

  init(
    _ automaton: CodeAutomaton, _ machine: SemanticMachine, _ effects: EffectCache,
    _ examples: ExampleInstructions, _ room: Cost
  ) {
    self.automaton = automaton
    self.machine = machine
    self.effects = effects
    self.examples = examples
    self.room = room
    tree = InstructionTree(automaton, effects)
    candidates = Candidates(automaton, machine, effects, examples)
  }

  /// The position before the first byte.
  var start: Position? {
    var result = Position()
    result.semantics = machine.start
    guard let closing = machine.start?.closing, fits(closing, Place(slot: 0)) else { return nil }
    result.rest = Int32(closing.bytes)
    result.plan = machine.start?.next ?? 1
    return result
  }

  // MARK: Positions among the tables

  /// A position's place; the places before hold no longer.
  func place(of position: Position) -> Place {
    trim()
    guard let state = position.semantics else { preconditionFailure("a position without a state") }
    var place = Place(slot: slot(of: state))
    place.node = tree.node(position.begun, half: position.half)
    place.isClosed = position.state == CodeAutomaton.closed
    place.isAfterSpace = position.isAfterSpace
    place.half = position.half
    place.instructions = position.instructions
    place.bytes = position.bytes
    place.rest = position.rest
    place.plan = position.plan
    return place
  }

  /// The position that a place is.
  func position(at place: Place, tokens: Int32) -> Position {
    let place = settled(place)
    let node = Int(place.node)
    let isBoundary = place.node == InstructionTree.root || tree.begun[node] == 1
    return Position(
      state: isBoundary
        ? place.isClosed ? CodeAutomaton.closed : CodeAutomaton.open : tree.wholePlaces[node],
      half: place.half, isAfterSpace: place.isAfterSpace, instructions: place.instructions,
      bytes: place.bytes, tokens: tokens, rest: place.rest, semantics: states[Int(place.slot)],
      begun: tree.begun[node], plan: place.plan)
  }

  /// A place with the state at the last boundary.
  private func settled(_ place: Place) -> Place {
    guard place.effect >= 0 else { return place }
    var result = place
    result.slot = outcome(place.slot, place.effect)
    result.effect = -1
    result.plan = states[Int(result.slot)].next
    return result
  }

  private func slot(of state: SemanticState) -> Int32 {
    if let known = slots[state.number] { return known }
    let slot = Int32(states.count)
    states.append(state)
    slots[state.number] = slot
    return slot
  }

  // MARK: Steps

  /// Where the upper half of a byte leads; nil if nothing can be completed then.
  ///
  /// - Parameter isWhole: whether the lower half follows at once, which then decides.
  func upper(_ place: Place, _ half: UInt8, isWhole: Bool) -> Place? {
    var next = settled(place)
    if states[Int(next.slot)].isEnded { return nil }
    next.node = tree.step(next.node, half: half)
    if next.node == InstructionTree.dead { return nil }
    next.half = half + 1
    next.isAfterSpace = false
    if isWhole || next.plan > 1 && UInt8(truncatingIfNeeded: next.plan) >> 4 == half { return next }
    return planned(next)
  }

  /// Where the lower half of a byte leads.
  func lower(_ place: Place, _ half: UInt8) -> Place? {
    var next = place
    let byte = (place.half - 1) << 4 | half
    let target = tree.step(place.node, half: half)
    if target == InstructionTree.dead { return nil }
    next.half = 0
    next.bytes += 1
    if let instruction = InstructionTree.instruction(target) {
      next.instructions += 1
      next.effect = tree.effectNumbers[instruction]
      guard let closing = closing(next.slot, next.effect), fits(closing, next) else { return nil }
      next.node = InstructionTree.root
      next.isClosed = tree.ends[instruction] == CodeAutomaton.closed
      next.rest = Int32(closing.bytes)
      next.plan = 1
      return next
    }
    next.node = target
    if place.plan > 1, UInt8(truncatingIfNeeded: place.plan) == byte {
      next.plan = place.plan >> 8
      next.rest -= 1
      return next
    }
    return planned(next)
  }

  /// Where a space leads that a byte has to follow.
  func space(_ place: Place) -> Place? {
    var next = settled(place)
    next.isAfterSpace = true
    if next.rest > 0 { return next }
    return states[Int(next.slot)].isEnded ? nil : planned(next)
  }

  /// A place with a plan from there; nil if there is none.
  private func planned(_ place: Place) -> Place? {
    guard let plan = plan(place) else { return nil }
    var result = place
    result.plan = plan.bytes
    result.rest = Int32(plan.cost.bytes)
    return result
  }

  // MARK: One instruction

  /// What is known to complete the code after an instruction; nil if it may not stand there.
  private func closing(_ slot: Int32, _ effect: Int32) -> Cost? {
    let open = effects.effects[Int(effect)]
    switch machine.judge(states[Int(slot)], effects.shapes[Int(open.shape)], open) {
    case .refused: return nil
    case .legal(let closing): return closing
    case .open:
      let reached = outcome(slot, effect)
      return reached < 0 ? nil : states[Int(reached)].closing
    }
  }

  /// The state after an instruction; -1 if it may not stand there.
  private func outcome(_ slot: Int32, _ effect: Int32) -> Int32 {
    let key = FlatTable.key(slot, effect)
    if let known = outcomes[key] { return known }
    var result: Int32 = -1
    if case .legal(let reached) = machine.step(states[Int(slot)], effects[effect]) {
      result = self.slot(of: reached)
    }
    outcomes.insert(result, for: key)
    return result
  }

  private func effect(ofExample index: Int) -> Int32 {
    if exampleEffects[index] < 0 { exampleEffects[index] = effects.number(of: examples[index]) }
    return exampleEffects[index]
  }

  /// Whether the budgets leave room for a cost after what a place has.
  private func fits(_ cost: Cost, _ place: Place) -> Bool {
    Int(place.instructions) + cost.instructions <= room.instructions
      && Int(place.bytes) + cost.bytes <= room.bytes
  }

  // MARK: The search

  /// The first plan that there is room for.
  private func plan(_ place: Place) -> Plan? {
    guard let plan = firstPlan(place) else { return nil }
    return fits(plan.cost, place) ? plan : search(place, isLimited: true)
  }

  /// The first plan if there is room for all.
  private func firstPlan(_ place: Place) -> Plan? {
    let key = FlatTable.key(place.slot, place.node)
    if let known = plans[key] { return known < 0 ? nil : made[Int(known)] }
    let found = search(place, isLimited: false)
    plans.insert(found == nil ? -1 : Int32(made.count), for: key)
    if let found { made.append(found) }
    return found
  }

  /// - Parameter isLimited: whether only plans count that there is room for.
  private func search(_ place: Place, isLimited: Bool) -> Plan? {
    let node = Int(place.node)
    let begun = tree.begun[node]
    let half = tree.halves[node]
    let range = examples.beginning(with: begun, half: half)
    let distance = Swift.max(1, range.count / CompletionSearch.exampleLimit)
    for index in stride(from: range.lowerBound, to: range.upperBound, by: distance) {
      let length = examples[index].byteCount - begun.byteCount
      if let cost = cost(place, effect(ofExample: index), length, isLimited) {
        return Plan(bytes: examples[index].plan(ofLast: length), cost: cost)
      }
    }
    if place.node == InstructionTree.root { return fromRoot(place, isLimited) }
    if range.count >= CompletionSearch.enoughExamples { return nil }
    for stage in Candidates.Stage.allCases {
      for candidate in candidates.after(place.node, tree, stage) {
        let length = candidate.bytes.byteCount
        if let cost = cost(place, candidate.effect, length, isLimited) {
          return Plan(bytes: candidate.bytes, cost: cost)
        }
      }
    }
    return nil
  }

  /// What it costs to end the code by an instruction of which `length` bytes are left; nil if it may not stand
  /// there.
  private func cost(
    _ place: Place, _ effect: Int32, _ length: Int, _ isLimited: Bool
  ) -> Cost? {
    guard let closing = closing(place.slot, effect) else { return nil }
    let cost = closing + Cost(instructions: 1, bytes: length)
    return !isLimited || fits(cost, place) ? cost : nil
  }

  /// A plan before the first byte, by all halves of it.
  private func fromRoot(_ place: Place, _ isLimited: Bool) -> Plan? {
    for half in UInt8(0)..<16 {
      var next = place
      next.node = tree.step(place.node, half: half)
      if next.node == InstructionTree.dead { continue }
      if let plan = isLimited ? plan(next) : firstPlan(next) { return plan }
    }
    return nil
  }

  /// Why no completion was found, from an instruction that was tried.
  func refusal(after begun: UInt128, _ place: Int32, _ state: SemanticState) -> Refusal? {
    var place = place
    var begun = begun
    trim()
    func refusal(_ effect: Int32) -> Refusal? {
      if case .refused(let refusal) = machine.step(state, effects[effect]) { refusal } else { nil }
    }
    if !automaton.isBoundary(place), let example = examples.beginning(with: begun, half: 0).first,
      let refusal = refusal(effect(ofExample: example))
    {
      return refusal
    }
    while !automaton.isBoundary(place) {
      guard let byte = Candidates.order.first(where: { automaton.step(place, $0) >= 0 })
      else { return nil }
      place = automaton.step(place, byte)
      begun = begun << 8 | UInt128(byte)
    }
    return refusal(effects.number(of: begun))
  }

  // MARK: Tables

  /// Keeps the tables small; between steps only, since everything gets other numbers.
  private func trim() {
    let isFull =
      effects.isFull || tree.isFull || candidates.isFull
      || states.count >= CompletionSearch.stateLimit
      || outcomes.count >= CompletionSearch.tableLimit
      || plans.count >= CompletionSearch.tableLimit
    guard isFull || exampleEffects.isEmpty else { return }
    effects.removeAll()
    tree.removeAll()
    candidates.removeAll()
    states.removeAll()
    slots.removeAll()
    outcomes.removeAll()
    plans.removeAll()
    made.removeAll()
    exampleEffects = [Int32](repeating: -1, count: examples.count + 1)
  }

  /// The bytes that the tables take.
  var memory: Int {
    outcomes.memory + plans.memory + made.count * MemoryLayout<Plan>.stride + effects.memory
      + machine.memory + tree.memory + candidates.memory
  }
}

extension UInt128 {
  /// The last bytes of an instruction, as in `Position.plan`.
  func plan(ofLast count: Int) -> UInt128 {
    (0..<count).reduce(1) { $0 << 8 | self >> UInt128(8 * $1) & 0xFF }
  }
}
