/// Where a matcher stands that follows the machine's state: enough to decide everything that may follow.
struct Position: Hashable, Sendable {
  /// The state of the `CodeAutomaton`.
  var state: Int32 = CodeAutomaton.open
  /// One plus the upper half of a byte of which only that was read, else zero.
  var half: UInt8 = 0
  /// Whether the text just before is a space that another byte has to follow.
  var isAfterSpace = false
  /// Instructions completed, bytes completed, tokens read.
  var instructions: Int32 = 0
  var bytes: Int32 = 0
  var tokens: Int32 = 0
  /// The bytes to the end of the code by `plan` and what is known to follow.
  var rest: Int32 = 0
  /// What is known of the machine at the last boundary.
  var semantics: SemanticState?
  /// The bytes of the instruction that was begun, the first above the last, after a one.
  var begun: UInt128 = 1
  /// Bytes that are known to complete that instruction, the next one lowest, below a one; 1 where there
  /// are none.
  var plan: UInt128 = 1
}

/// The automaton with an alphabet, budgets and the machine's state: the one transition function that
/// masks and `accept` use where a constraint asks for that state.
///
/// A class for its growing tables; `CompiledDecoder` guards it with a lock.
final class Walker {
  let automaton: CodeAutomaton
  let alphabet: TokenVocabulary.Alphabet
  let maximumInstructions: Int
  let maximumBytes: Int
  let search: CompletionSearch

  init(
    _ automaton: CodeAutomaton, _ alphabet: TokenVocabulary.Alphabet,
    _ budget: LexicalWalker.Budget, _ semantics: SemanticParts
  ) {
    self.automaton = automaton
    self.alphabet = alphabet
    maximumInstructions = budget.instructions
    maximumBytes = budget.bytes
    search = CompletionSearch(
      automaton, semantics.machine, semantics.effects, semantics.examples,
      Cost(instructions: maximumInstructions, bytes: maximumBytes))
  }

  // MARK: Steps

  /// Where one byte of text leads; nil if nothing can be completed then.
  func step(_ position: Position, _ unit: UInt8) -> Position? {
    if case .hex(let rule) = alphabet { return step(position, unit, rule) }
    return byteStep(position, unit)
  }

  private func byteStep(_ position: Position, _ byte: UInt8) -> Position? {
    let state = automaton.step(position.state, byte)
    guard state >= 0 else { return nil }
    var next = position
    next.state = state
    next.bytes += 1
    next.begun = position.begun << 8 | UInt128(byte)
    return search.arrive(next, from: position, by: byte)
  }

  private func step(
    _ position: Position, _ unit: UInt8, _ rule: TokenVocabulary.HexRule
  ) -> Position? {
    var next = position
    switch rule.spacing {
    case .none: break
    case .free:
      if position.half == 0, unit == 32 || (9...13).contains(unit) { return position }
    case .single:
      if position.half == 0, position.bytes > 0, !position.isAfterSpace {
        guard unit == 32 else { return nil }
        next.isAfterSpace = true
        return next
      }
    }
    guard let digit = Spelling.digit(unit, rule.digits) else { return nil }
    if position.half == 0 {
      next.half = digit + 1
      return firstByte(next) == nil ? nil : next
    }
    next.half = 0
    next.isAfterSpace = false
    return byteStep(next, (position.half - 1) << 4 | digit)
  }

  /// Where the first byte leads that a position's half can become.
  private func firstByte(_ position: Position) -> Position? {
    var whole = position
    whole.half = 0
    whole.isAfterSpace = false
    // The byte of the known completion first, so that what is left is no more than it takes.
    if position.plan > 1, UInt8(truncatingIfNeeded: position.plan) >> 4 == position.half - 1,
      let next = byteStep(whole, UInt8(truncatingIfNeeded: position.plan))
    {
      return next
    }
    for digit in UInt8(0)..<16 {
      if let next = byteStep(whole, (position.half - 1) << 4 | digit) { return next }
    }
    return nil
  }

  // MARK: Ends

  /// Whether the code may end here.
  func isComplete(_ position: Position) -> Bool {
    position.state == CodeAutomaton.closed && position.half == 0 && !position.isAfterSpace
      && position.instructions <= maximumInstructions && position.bytes <= maximumBytes
      && position.semantics?.mayEnd ?? true
  }

  /// Whether the code can be completed within the budgets.
  func canEnd(_ position: Position) -> Bool { knownRest(position) != nil }

  /// Whether bytes are a whole code.
  func accepts(_ bytes: [UInt8], from start: Position) -> Bool {
    var position = start
    for byte in bytes {
      guard let next = byteStep(position, byte) else { return false }
      position = next
    }
    return isComplete(position)
  }

  /// The bytes of the completion that is known; nil if there is none.
  private func knownRest(_ position: Position) -> Int? {
    if position.half != 0 { return firstByte(position).map { Int($0.rest) + 1 } }
    if position.isAfterSpace, position.rest == 0 { return restAfterSpace(position) }
    return Int(position.rest)
  }

  /// The same after a space where the code was complete before it: another instruction has to follow.
  private func restAfterSpace(_ position: Position) -> Int? {
    var whole = position
    whole.isAfterSpace = false
    for byte in UInt8(0)...255 {
      if let next = byteStep(whole, byte) { return Int(next.rest) + 1 }
    }
    return nil
  }

  /// A number of units of text that completes the code; nil if the budgets do not leave room.
  func shortestText(_ position: Position) -> Int? {
    guard let count = knownRest(position) else { return nil }
    guard case .hex(let rule) = alphabet else { return count }
    let digits = 2 * count - (position.half == 0 ? 0 : 1)
    guard rule.spacing == .single, count > 0 else { return digits }
    let isSpaced = position.half != 0 || position.isAfterSpace || position.bytes == 0
    return digits + count - (isSpaced ? 1 : 0)
  }
}
