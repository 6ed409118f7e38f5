/// Whether an instruction that was begun can become one that may stand where it is, and how.
///
/// The way that was found is kept in the position, so that whatever goes on along it is allowed: nothing
/// that was allowed turns out to be a dead end. Only so many ways are tried; where none of them may
/// stand the beginning is refused, which narrows the constraint. Tried are the examples that begin so,
/// and where there are few the instructions next in order.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class CompletionSearch {
  let automaton: CodeAutomaton
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
  private let room: Cost
  private var steps: [StepKey: SemanticMachine.Outcome] = [:]
  private var plans: [PlanKey: Plan?] = [:]

  /// The effects of the examples by number; -1 where it was not asked for.
  private var exampleEffects: [Int32] = []
  lazy var goodExamples = findGoodExamples()
  var endings: [Int: [[UInt8]]] = [:]
  /// That of the effects' numbers.
  private var generation = 0

  /// A state and an effect, by their numbers.
  private struct StepKey: Hashable {
    let state: UInt64
    let effect: Int32
  }

  private struct PlanKey: Hashable {
    let state: UInt64
    let begun: UInt128
    let room: Cost
  }

  /// How an instruction and the code can be completed.
  struct Plan {
    /// The rest of the instruction, as in `Position.plan`.
    var bytes: UInt128
    /// The bytes up to the end of the code.
    var rest: Int
  }

  /// As many examples are tried.
  private static let exampleLimit = 64
  /// As many instructions near the bytes so far: more where the operation comes last in the bytes.
  private let nearLimit: Int
  /// As many displacements or immediates.
  private static let numberLimit = 8
  /// So many examples of a beginning stand for all instructions that begin so.
  private static let enoughExamples = 6
  /// As many answers are kept before all are forgotten.
  private static let tableLimit = 1 << 17
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
    nearLimit = machine.rules.instructionAlignment > 1 ? 128 : 64
  }

  /// The position before the first byte.
  var start: Position? {
    var result = Position()
    result.semantics = machine.start
    guard let closing = machine.start?.closing, fits(closing, 0, 0) else { return nil }
    result.rest = Int32(closing.bytes)
    result.plan = machine.start?.next ?? 1
    return result
  }

  /// The position after a byte, of which state and bytes are set; nil if it is refused.
  func arrive(_ next: Position, from position: Position, by byte: UInt8) -> Position? {
    guard let state = position.semantics, !state.isEnded else { return nil }
    trim()
    var result = next
    if automaton.isBoundary(next.state) {
      guard case .legal(let reached) = step(state, effects.number(of: next.begun)),
        fits(reached.closing, position.instructions + 1, Int(next.bytes))
      else { return nil }
      result.semantics = reached
      result.instructions += 1
      result.begun = 1
      result.plan = reached.next
      result.rest = Int32(reached.closing.bytes)
      return result
    }
    if position.plan > 1, UInt8(truncatingIfNeeded: position.plan) == byte {
      result.plan = position.plan >> 8
      result.rest = position.rest - 1
      return result
    }
    guard let plan = plan(next, state) else { return nil }
    result.plan = plan.bytes
    result.rest = Int32(plan.rest)
    return result
  }

  /// Why no completion was found, from an instruction that was tried.
  func refusal(after begun: UInt128, _ place: Int32, _ state: SemanticState) -> Refusal? {
    var place = place
    var begun = begun
    trim()
    if !automaton.isBoundary(place), let example = examples.beginning(with: begun).first,
      case .refused(let refusal) = step(state, effect(ofExample: example))
    {
      return refusal
    }
    while !automaton.isBoundary(place) {
      guard let byte = CompletionSearch.order.first(where: { automaton.step(place, $0) >= 0 })
      else { return nil }
      place = automaton.step(place, byte)
      begun = begun << 8 | UInt128(byte)
    }
    if case .refused(let refusal) = step(state, effects.number(of: begun)) { return refusal }
    return nil
  }

  // MARK: One instruction

  private func step(_ state: SemanticState, _ effect: Int32) -> SemanticMachine.Outcome {
    let key = StepKey(state: state.number, effect: effect)
    if let known = steps[key] { return known }
    let outcome = machine.step(state, effects[effect])
    if steps.count >= CompletionSearch.tableLimit { steps.removeAll(keepingCapacity: true) }
    steps[key] = outcome
    return outcome
  }

  /// Keeps the tables small; between steps only, since effects may get other numbers.
  private func trim() {
    effects.trim()
    guard generation != effects.generation || exampleEffects.isEmpty else { return }
    generation = effects.generation
    steps.removeAll(keepingCapacity: true)
    exampleEffects = [Int32](repeating: -1, count: examples.count)
  }

  private func effect(ofExample index: Int) -> Int32 {
    if exampleEffects[index] < 0 { exampleEffects[index] = effects.number(of: examples[index]) }
    return exampleEffects[index]
  }

  private func fits(_ closing: Cost, _ instructions: Int32, _ bytes: Int) -> Bool {
    Int(instructions) + closing.instructions <= room.instructions
      && bytes + closing.bytes <= room.bytes
  }

  // MARK: The search

  private func plan(_ position: Position, _ state: SemanticState) -> Plan? {
    let used = Cost(
      instructions: Swift.max(
        Int(position.instructions), room.instructions - CompletionSearch.longestRest),
      bytes: Swift.max(Int(position.bytes), room.bytes - CompletionSearch.longestRest))
    let key = PlanKey(state: state.number, begun: position.begun, room: used)
    if let known = plans[key] { return known }
    let begun = examples.beginning(with: position.begun)
    var found = example(begun, position, state)
    if found == nil, begun.count < CompletionSearch.enoughExamples {
      found = other(position, state)
    }
    if plans.count >= CompletionSearch.tableLimit { plans.removeAll(keepingCapacity: true) }
    plans[key] = .some(found)
    return found
  }

  /// A plan where there are few examples.
  private func other(_ position: Position, _ state: SemanticState) -> Plan? {
    var tries = nearLimit
    if automaton.isFree(position.state), effects.isNumber(after: position.begun) {
      tries = CompletionSearch.numberLimit
    } else if let plan = ending(position, state) {
      return plan
    }
    let isInNumber =
      position.begun > 0xFF && effects.isNumber(after: position.begun >> 8)
    return near(position, state, &tries, isInNumber: isInNumber).plan
  }

  /// A plan after an instruction's last byte.
  func finish(
    _ position: Position, _ state: SemanticState, _ begun: UInt128, length: Int
  ) -> (plan: Plan?, refusal: Refusal?) {
    finish(position, state, effects.number(of: begun), length: length)
  }

  private func finish(
    _ position: Position, _ state: SemanticState, _ effect: Int32, length: Int
  ) -> (plan: Plan?, refusal: Refusal?) {
    switch step(state, effect) {
    case .refused(let refusal): return (nil, refusal)
    case .legal(let reached):
      guard fits(reached.closing, position.instructions + 1, Int(position.bytes) + length)
      else { return (nil, nil) }
      return (Plan(bytes: 1, rest: reached.closing.bytes), nil)
    }
  }

  /// A plan from the examples that begin as the instruction does, evenly chosen if there are many.
  private func example(
    _ range: Range<Int>, _ position: Position, _ state: SemanticState
  ) -> Plan? {
    let distance = Swift.max(1, range.count / CompletionSearch.exampleLimit)
    for index in stride(from: range.lowerBound, to: range.upperBound, by: distance) {
      let begun = examples[index]
      let length = begun.byteCount - position.begun.byteCount
      guard var plan = finish(position, state, effect(ofExample: index), length: length).plan
      else { continue }
      for index in 0..<length {
        plan.bytes = plan.bytes << 8 | begun >> UInt128(8 * index) & 0xFF
      }
      plan.rest += length
      return plan
    }
    return nil
  }

  /// The bytes that the tables take.
  var memory: Int { steps.count * 64 + plans.count * 96 + effects.memory + machine.memory }
}
