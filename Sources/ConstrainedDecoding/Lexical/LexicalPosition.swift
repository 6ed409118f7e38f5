/// Where a matcher stands if the automaton and the budgets alone decide what may follow.
struct LexicalPosition: Hashable, Sendable {
  /// The state of the `TextAutomaton`.
  var state = CodeAutomaton.open
  /// Instructions completed, bytes completed, tokens read.
  var instructions: Int32 = 0
  var bytes: Int32 = 0
  var tokens: Int32 = 0
  /// The upper half of a byte of which only that was read; not looked at.
  var half: UInt8 = 0
}

/// The automaton with budgets: the one transition function that masks and `accept` use.
struct LexicalWalker: Sendable {
  let text: TextAutomaton
  let budget: Budget

  /// What code may have at most; `unlimited` where the constraint does not say.
  struct Budget: Sendable {
    static let unlimited = 1 << 30

    let instructions: Int
    let bytes: Int
    let tokens: Int

    init(_ constraint: DecodingConstraint) {
      func limit(_ value: Int?) -> Int { Swift.min(value ?? Budget.unlimited, Budget.unlimited) }
      instructions = limit(constraint.maximumInstructions)
      bytes = limit(constraint.maximumBytes)
      tokens = limit(constraint.maximumTokens)
    }

    var limitsCode: Bool { instructions < Budget.unlimited || bytes < Budget.unlimited }
  }

  /// Where a symbol leads; nil if nothing can be completed then, whatever the budgets.
  @inline(__always)
  func step(_ position: LexicalPosition, _ symbol: UInt8) -> LexicalPosition? {
    let state = text.step(position.state, symbol)
    guard state >= 0 else { return nil }
    var next = position
    next.state = state
    guard symbol != Spelling.space else { return next }
    let code = text.codeState(state)
    if text.code.isHalf(code) {
      next.half = symbol
    } else {
      next.bytes += 1
      if text.code.isBoundary(code) { next.instructions += 1 }
    }
    return next
  }

  /// Whether the code may end here.
  func isComplete(_ position: LexicalPosition) -> Bool {
    text.isComplete(position.state) && fits(position)
  }

  private func fits(_ position: LexicalPosition) -> Bool {
    Int(position.instructions) <= budget.instructions && Int(position.bytes) <= budget.bytes
  }

  /// Whether the code can be completed within the budgets of instructions and bytes.
  @inline(__always)
  func canEnd(_ position: LexicalPosition) -> Bool {
    text.code.canEnd(
      text.codeState(position.state),
      instructions: budget.instructions - Int(position.instructions),
      bytes: budget.bytes - Int(position.bytes))
  }

  /// The fewest units of text that complete the code; nil if the budgets do not leave room.
  func shortestText(_ position: LexicalPosition) -> Int? {
    let state = text.codeState(position.state)
    let left = budget.instructions - Int(position.instructions)
    guard let count = text.code.leastRest(state, instructions: left),
      count <= budget.bytes - Int(position.bytes)
    else { return nil }
    guard text.isHexadecimal else { return count }
    let halves = 2 * count - (text.code.isHalf(state) ? 1 : 0)
    guard text.spacing == .single, count > 0 else { return halves }
    return halves + count - (position.state < text.firstWaiting ? 1 : 0)
  }
}
