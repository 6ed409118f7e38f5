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
}

/// The automaton with an alphabet and budgets: the one transition function that masks and `accept` use.
///
/// A class for its growing tables; `CompiledDecoder` guards it with a lock.
final class Walker {
  let automaton: CodeAutomaton
  let alphabet: TokenVocabulary.Alphabet
  let maximumInstructions: Int
  let maximumBytes: Int

  /// As good as no limit.
  static let unlimited = 1 << 30

  init(_ automaton: CodeAutomaton, _ alphabet: TokenVocabulary.Alphabet, _ limits: (Int?, Int?)) {
    self.automaton = automaton
    self.alphabet = alphabet
    maximumInstructions = Swift.min(limits.0 ?? Walker.unlimited, Walker.unlimited)
    maximumBytes = Swift.min(limits.1 ?? Walker.unlimited, Walker.unlimited)
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
      guard (UInt8(0)..<16).contains(where: { automaton.step(next.state, digit << 4 | $0) >= 0 })
      else {
        return nil
      }
      return next
    }
    next.half = 0
    next.isAfterSpace = false
    return byteStep(next, (position.half - 1) << 4 | digit)
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
  }

  /// Whether at most `bytes` more bytes can complete the code within the budgets.
  func canEnd(_ position: Position, within bytes: Int = Walker.unlimited) -> Bool {
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

  /// The fewest bytes of text that complete the code; nil if the budgets do not leave room.
  func shortestText(_ position: Position) -> Int? {
    guard let count = (0...31).first(where: { canEnd(position, within: $0) }) else { return nil }
    guard case .hex(let rule) = alphabet else { return count }
    let digits = 2 * count - (position.half == 0 ? 0 : 1)
    guard rule.spacing == .single, count > 0 else { return digits }
    let isSpaced = position.half != 0 || position.isAfterSpace || position.bytes == 0
    return digits + count - (isSpaced ? 1 : 0)
  }
}
