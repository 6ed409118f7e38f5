/// Where a matcher stands, as a value: enough to decide everything that may follow.
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
  /// The bytes to the end of the code by `plan` and what is known to follow; zero where the constraint
  /// does not ask for the machine's state.
  var rest: Int32 = 0
  /// What is known of the machine at the last boundary; nil where the constraint does not ask.
  var semantics: SemanticState?
  /// The bytes of the instruction that was begun, the first above the last, after a one; 1 where the
  /// constraint does not look at them.
  var begun: UInt128 = 1
  /// Bytes that are known to complete that instruction, the next one lowest, below a one; 1 where there
  /// are none.
  var plan: UInt128 = 1
}

/// The automaton with an alphabet, budgets and the machine's state: the one transition function that
/// masks and `accept` use.
///
/// A class for its growing tables; `CompiledDecoder` guards it with a lock.
final class Walker {
  let automaton: CodeAutomaton
  let alphabet: TokenVocabulary.Alphabet
  let maximumInstructions: Int
  let maximumBytes: Int
  /// Nil where the constraint does not ask for the machine's state.
  let search: CompletionSearch?

  /// As good as no limit.
  static let unlimited = 1 << 30
  /// More text than any code needs that is completed by the automaton alone: two instructions.
  static let enoughText = 96

  init(
    _ automaton: CodeAutomaton, _ alphabet: TokenVocabulary.Alphabet, _ limits: (Int?, Int?),
    _ semantics: SemanticParts? = nil
  ) {
    self.automaton = automaton
    self.alphabet = alphabet
    maximumInstructions = Swift.min(limits.0 ?? Walker.unlimited, Walker.unlimited)
    maximumBytes = Swift.min(limits.1 ?? Walker.unlimited, Walker.unlimited)
    let room = Cost(instructions: maximumInstructions, bytes: maximumBytes)
    search = semantics.map {
      CompletionSearch(automaton, $0.machine, $0.effects, $0.examples, room)
    }
  }

  /// The position before the first byte; nil if no code fits in the budgets.
  func start() -> Position? {
    if let search { return search.start }
    return canEnd(Position()) ? Position() : nil
  }

  // MARK: Steps

  /// Where one byte of text leads; nil if nothing can be completed then, whatever the budgets.
  @inline(__always)
  func step(_ position: Position, _ unit: UInt8) -> Position? {
    if case .hex(let rule) = alphabet { return step(position, unit, rule) }
    return byteStep(position, unit)
  }

  @inline(__always)
  private func byteStep(_ position: Position, _ byte: UInt8) -> Position? {
    let state = automaton.step(position.state, byte)
    guard state >= 0 else { return nil }
    var next = position
    next.state = state
    next.bytes += 1
    if let search {
      next.begun = position.begun << 8 | UInt128(byte)
      return search.arrive(next, from: position, by: byte)
    }
    if automaton.isBoundary(state) { next.instructions += 1 }
    return next
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
    guard let digit = Walker.digit(unit, rule.digits) else { return nil }
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
    for digit in UInt8(0)..<16 {
      if let next = byteStep(whole, (position.half - 1) << 4 | digit) { return next }
    }
    return nil
  }

  private static func digit(_ unit: UInt8, _ digits: TokenVocabulary.HexRule.Digits) -> UInt8? {
    switch unit {
    case 48...57: unit - 48
    case 65...70 where digits != .lower: unit - 55
    case 97...102 where digits != .upper: unit - 87
    default: nil
    }
  }

  // MARK: Ends

  /// Whether the code may end here.
  func isComplete(_ position: Position) -> Bool {
    position.state == CodeAutomaton.closed && position.half == 0 && !position.isAfterSpace
      && position.instructions <= maximumInstructions && position.bytes <= maximumBytes
      && position.semantics?.mayEnd ?? true
  }

  /// Whether the code can be completed within the budgets.
  func canEnd(_ position: Position) -> Bool {
    search == nil ? canEnd(position, within: Walker.unlimited) : knownRest(position) != nil
  }

  /// Whether at most `bytes` more bytes can complete the code within the budgets.
  private func canEnd(_ position: Position, within bytes: Int) -> Bool {
    let instructions = maximumInstructions - Int(position.instructions)
    let room = Swift.min(maximumBytes - Int(position.bytes), bytes)
    if position.half == 0 {
      return automaton.canEnd(
        position.state, instructions: instructions, bytes: room, mayStop: !position.isAfterSpace)
    }
    return (UInt8(0)..<16).contains { digit in
      let state = automaton.step(position.state, (position.half - 1) << 4 | digit)
      guard state >= 0 else { return false }
      let ended = automaton.isBoundary(state) ? 1 : 0
      return automaton.canEnd(state, instructions: instructions - ended, bytes: room - 1)
    }
  }

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
    if position.isAfterSpace, position.semantics?.isEnded == true { return nil }
    return Int(position.rest)
  }

  /// A number of bytes of text that completes the code, the fewest where the machine's state is not
  /// asked for; nil if the budgets do not leave room.
  func shortestText(_ position: Position) -> Int? {
    let found =
      search == nil
      ? (0...31).first { canEnd(position, within: $0) } : knownRest(position)
    guard let count = found else { return nil }
    guard case .hex(let rule) = alphabet else { return count }
    let digits = 2 * count - (position.half == 0 ? 0 : 1)
    guard rule.spacing == .single, count > 0 else { return digits }
    let isSpaced = position.half != 0 || position.isAfterSpace || position.bytes == 0
    return digits + count - (isSpaced ? 1 : 0)
  }
}
