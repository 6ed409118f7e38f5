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
  private let effects: EffectCache
  private let examples: ExampleInstructions
  private let room: Cost
  private var steps: [StepKey: SemanticMachine.Outcome] = [:]
  private var plans: [PlanKey: Plan?] = [:]

  private struct StepKey: Hashable {
    let state: SemanticState
    let bytes: UInt128
  }

  private struct PlanKey: Hashable {
    let state: SemanticState
    let begun: UInt128
    let place: Int32
    let room: Cost
  }

  /// How an instruction and the code can be completed.
  private struct Plan {
    /// The rest of the instruction, as in `Position.plan`.
    var bytes: UInt128
    /// The bytes up to the end of the code.
    var rest: Int
  }

  /// As many examples are tried.
  private static let exampleLimit = 64
  /// As many instructions near the bytes so far: more where the operation comes last in the bytes.
  private let nearLimit: Int
  /// So many examples of a beginning stand for all instructions that begin so.
  private static let enoughExamples = 6
  /// As many answers are kept before all are forgotten.
  private static let tableLimit = 1 << 16
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
    nearLimit = machine.rules.instructionAlignment > 1 ? 512 : 64
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
    var result = next
    if automaton.isBoundary(next.state) {
      guard case .legal(let reached) = step(state, next.begun),
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
    if !automaton.isBoundary(place),
      let example = examples.beginning(with: begun, atMost: 1).first,
      case .refused(let refusal) = step(state, example)
    {
      return refusal
    }
    while !automaton.isBoundary(place) {
      guard let byte = CompletionSearch.order.first(where: { automaton.step(place, $0) >= 0 })
      else { return nil }
      place = automaton.step(place, byte)
      begun = begun << 8 | UInt128(byte)
    }
    if case .refused(let refusal) = step(state, begun) { return refusal }
    return nil
  }

  // MARK: One instruction

  private func step(_ state: SemanticState, _ begun: UInt128) -> SemanticMachine.Outcome {
    let key = StepKey(state: state, bytes: begun)
    if let known = steps[key] { return known }
    let outcome = machine.step(state, effects.effect(of: begun))
    if steps.count >= CompletionSearch.tableLimit { steps.removeAll(keepingCapacity: true) }
    steps[key] = outcome
    return outcome
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
    let key = PlanKey(
      state: state, begun: position.begun, place: position.state, room: used)
    if let known = plans[key] { return known }
    let begun = examples.beginning(with: position.begun, atMost: CompletionSearch.exampleLimit)
    var tries = nearLimit
    var found = example(begun, position, state)
    if found == nil, begun.count < CompletionSearch.enoughExamples {
      found = near(position, state, &tries).plan
    }
    if plans.count >= CompletionSearch.tableLimit { plans.removeAll(keepingCapacity: true) }
    plans[key] = .some(found)
    return found
  }

  /// A plan after an instruction's last byte.
  private func finish(
    _ position: Position, _ state: SemanticState, _ begun: UInt128, length: Int
  ) -> (plan: Plan?, refusal: Refusal?) {
    switch step(state, begun) {
    case .refused(let refusal): return (nil, refusal)
    case .legal(let reached):
      guard fits(reached.closing, position.instructions + 1, Int(position.bytes) + length)
      else { return (nil, nil) }
      return (Plan(bytes: 1, rest: reached.closing.bytes), nil)
    }
  }

  /// A plan from the examples that begin as the instruction does.
  private func example(
    _ instructions: [UInt128], _ position: Position, _ state: SemanticState
  ) -> Plan? {
    for begun in instructions {
      let length = begun.byteCount - position.begun.byteCount
      guard var plan = finish(position, state, begun, length: length).plan else { continue }
      for index in 0..<length {
        plan.bytes = plan.bytes << 8 | begun >> UInt128(8 * index) & 0xFF
      }
      plan.rest += length
      return plan
    }
    return nil
  }

  private enum Finding {
    case found(Plan)
    case nothing
    /// Nothing, whatever displacement and immediates follow.
    case hopeless
    case givenUp

    var plan: Plan? {
      if case .found(let plan) = self { return plan }
      return nil
    }
  }

  /// Bytes by their bits in reverse, so that different operations come early.
  private static let order: [UInt8] = (UInt8(0)...255).map { byte in
    var result: UInt8 = 0
    for bit in UInt8(0)..<8 where byte >> bit & 1 == 1 { result |= 0x80 >> bit }
    return result
  }
  private static let freeOrder: [UInt8] = [0, 0xFF]

  /// A plan from instructions in order of their bytes.
  private func near(
    _ position: Position, _ state: SemanticState, _ tries: inout Int
  ) -> Finding {
    let isFree = automaton.isFree(position.state) && effects.isNumber(after: position.begun)
    let isLast = isFree && automaton.isBoundary(automaton.step(position.state, 0))
    for byte in isFree && !isLast ? CompletionSearch.freeOrder : CompletionSearch.order {
      let reached = automaton.step(position.state, byte)
      if reached < 0 { continue }
      var next = position
      next.state = reached
      next.bytes += 1
      next.begun = position.begun << 8 | UInt128(byte)
      var finding: Finding
      if automaton.isBoundary(reached) {
        if tries == 0 { return .givenUp }
        if !isFree { tries -= 1 }
        let (plan, refusal) = finish(position, state, next.begun, length: 1)
        finding =
          plan.map { .found($0) } ?? (refusal?.dependsOnNumbers ?? true ? .nothing : .hopeless)
      } else {
        finding = near(next, state, &tries)
      }
      switch finding {
      case .found(var plan):
        plan.bytes = plan.bytes << 8 | UInt128(byte)
        plan.rest += 1
        return .found(plan)
      case .givenUp: return .givenUp
      case .hopeless:
        if isFree {
          tries -= 1
          return tries <= 0 ? .givenUp : .hopeless
        }
      case .nothing: break
      }
    }
    if isFree { tries -= 1 }
    return tries <= 0 ? .givenUp : .nothing
  }

  /// The bytes that the tables take.
  var memory: Int { steps.count * 96 + plans.count * 112 + effects.memory }
}
