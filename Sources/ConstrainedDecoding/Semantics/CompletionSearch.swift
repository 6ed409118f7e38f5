/// Whether an instruction that was begun can become one that may stand where it is, and how.
///
/// The way that was found is kept in the position, so that whatever goes on along it is allowed: nothing
/// that was allowed turns out to be a dead end. Only so many ways are tried; where none of them may
/// stand the beginning is refused, which narrows the constraint. Tried are the way from the beginning
/// without its last half byte, the examples that begin so, and the other instructions of `Candidates`.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class CompletionSearch {
  let automaton: CodeAutomaton
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
  let tree: InstructionTree
  let candidates: Candidates
  /// Instructions with another displacement, by what they are like but for that and by it.
  let placed = FoundValues<Placed>()
  private let room: Cost
  /// Whether no half of a byte is ever read by itself.
  let isByBytes: Bool
  /// The instructions of a vocabulary of whole ones: then nothing is asked for inside of an instruction.
  let words: InstructionWords?

  /// States by their numbers here.
  @exclusivity(unchecked) private(set) var states: [SemanticState] = []
  @exclusivity(unchecked) private var slots: [UInt64: Int32] = [:]
  /// By state and effect: the state after it, or -1.
  private let outcomes = FlatTable()
  /// By state and effect: what ends the code after it.
  private let closings = FoundValues<Cost>()
  /// By state and node: what completes the instruction.
  let plans = FoundValues<Plan>()

  /// As many bytes are taken by what is known of beginnings before all is forgotten, and by what is known of states
  /// before that is; what one mask adds comes on top.
  private static let beginningLimit = 64 << 20
  private static let stateLimit = 12 << 20
  /// No completion of a code is longer than this.
  static let longestRest = SemanticMachine.forwardReach + 1024

  init(
    _ automaton: CodeAutomaton, _ machine: SemanticMachine, _ effects: EffectCache,
    _ examples: ExampleInstructions, _ room: Cost, isByBytes: Bool, _ words: InstructionWords?
  ) {
    self.words = words
    self.automaton = automaton
    self.machine = machine
    self.effects = effects
    self.examples = examples
    self.room = room
    self.isByBytes = isByBytes
    tree = InstructionTree(automaton, effects)
    candidates = Candidates(automaton, machine, effects, examples, tree)
  }

  /// The position before the first byte.
  var start: Position? {
    var result = Position()
    result.semantics = machine.start
    guard let closing = machine.start?.closing, fits(closing, Place(slot: 0)) else { return nil }
    result.rest = Int32(closing.bytes)
    result.plan = machine.start?.next ?? 1
    // A code has an instruction at least.
    if result.rest > 0 { return result }
    if words != nil { return beginning == nil ? nil : result }
    return planned(place(of: result)).map { position(at: $0, tokens: 0) }
  }

  /// The fewest instructions of a vocabulary of whole ones that make a code which needs none; nil if the budgets
  /// have room for none.
  private(set) lazy var beginning: Int? = words?.instructions.compactMap { instruction in
    guard let state = machine.start, let words else { return nil }
    let bytes = words.bytes(of: instruction)
    let effect = effects.number(of: bytes.begun)
    guard let closing = closing(slot(of: state), effect) else { return nil }
    let cost = closing + Cost(instructions: 1, bytes: bytes.count)
    return fits(cost, Place(slot: 0)) ? cost.instructions : nil
  }.min()

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
  func settled(_ place: Place) -> Place {
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
    if isWhole || words != nil || next.plan > 1 && UInt8(truncatingIfNeeded: next.plan) >> 4 == half
    {
      return next
    }
    guard var found = planned(next) else { return nil }
    // The plan may be that of another half which need not be told from this one.
    if found.plan > 1 { found.plan = found.plan & ~0xF0 | UInt128(half) << 4 }
    return found
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
    return words == nil ? planned(next) : next
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
  func closing(_ slot: Int32, _ effect: Int32) -> Cost? {
    let numbered = effects.effects[effect]
    let state = states[Int(slot)]
    switch machine.judge(state, effects.template(of: numbered), numbered) {
    case .refused: return nil
    case .legal(let closing): return closing
    case .open:
      return closings.value(for: FlatTable.key(slot, effect)) {
        machine.closing(state, effects[effect])
      }
    }
  }

  /// Whether an instruction may not stand there whatever its numbers are.
  func isRefused(_ slot: Int32, _ effect: Int32) -> Bool {
    let found = effects.effects[effect]
    let sets = effects.template(of: found).sets(found.cells, machine.rules.parts)
    return machine.refusal(states[Int(slot)], sets) != nil
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

  /// Whether the budgets leave room for a cost after what a place has.
  func fits(_ cost: Cost, _ place: Place) -> Bool {
    Int(place.instructions) + cost.instructions <= room.instructions
      && Int(place.bytes) + cost.bytes <= room.bytes
  }

  // MARK: Tables

  /// Keeps the tables small; between steps only, since everything gets other numbers.
  func trim() {
    if effects.isFull || beginnings >= CompletionSearch.beginningLimit {
      effects.removeAll()
      tree.removeAll()
      candidates.removeAll()
      placed.removeAll()
      forgetStates()
    } else if ownStates >= CompletionSearch.stateLimit {
      forgetStates()
    }
  }

  private func forgetStates() {
    states.removeAll()
    slots.removeAll()
    outcomes.removeAll()
    closings.removeAll()
    plans.removeAll()
  }

  /// The bytes of what is known of beginnings of instructions, whatever the state.
  private var beginnings: Int {
    effects.memory + tree.memory + candidates.memory + placed.memory
  }

  /// The bytes of what is known of states.
  private var ownStates: Int {
    outcomes.memory + closings.memory + plans.memory + states.count * 64
  }

  /// The bytes that all tables take.
  var memory: Int { beginnings + ownStates + effects.templateMemory + machine.memory }
}
