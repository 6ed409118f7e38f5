/// How code is written: text as half bytes and spaces.
struct Spelling: Sendable {
  /// The symbols of text: the values of half bytes, the upper first, and this one.
  static let space: UInt8 = 16

  let alphabet: TokenVocabulary.Alphabet

  /// What stands between two bytes.
  var spacing: TokenVocabulary.HexRule.Spacing {
    if case .hex(let rule) = alphabet { return rule.spacing }
    return .none
  }

  /// The symbols of a text; nil if it has a character that stands nowhere.
  func symbols(_ text: some Sequence<UInt8>) -> [UInt8]? {
    guard case .hex(let rule) = alphabet else { return text.flatMap { [$0 >> 4, $0 & 15] } }
    var result: [UInt8] = []
    result.reserveCapacity(text.underestimatedCount)
    for unit in text {
      guard let symbol = Spelling.symbol(unit, rule) else { return nil }
      result.append(symbol)
    }
    return result
  }

  /// The symbol of a character; nil if it stands nowhere.
  static func symbol(_ unit: UInt8, _ rule: TokenVocabulary.HexRule) -> UInt8? {
    switch rule.spacing {
    case .none: break
    case .free: if unit == 32 || (9...13).contains(unit) { return space }
    case .single: if unit == 32 { return space }
    }
    return digit(unit, rule.digits)
  }

  /// The value of a digit; nil if it is none.
  static func digit(_ unit: UInt8, _ digits: TokenVocabulary.HexRule.Digits) -> UInt8? {
    switch unit {
    case 48...57: unit - 48
    case 65...70 where digits != .lower: unit - 55
    case 97...102 where digits != .upper: unit - 87
    default: nil
    }
  }
}

/// The automaton of code as a spelling writes it.
struct TextAutomaton: Sendable {
  let code: CodeAutomaton
  let isHexadecimal: Bool
  let spacing: TokenVocabulary.HexRule.Spacing
  /// States from this one on wait for a space; below are those of `code`.
  let firstWaiting: Int32

  init(_ code: CodeAutomaton, _ spelling: Spelling) {
    self.code = code
    spacing = spelling.spacing
    if case .hex = spelling.alphabet { isHexadecimal = true } else { isHexadecimal = false }
    firstWaiting = Int32(code.stateCount)
  }

  /// The states, those that wait for a space included.
  var stateCount: Int { spacing == .single ? 2 * code.stateCount : code.stateCount }

  /// The state after an instruction, the end aside.
  var boundary: Int32 { CodeAutomaton.open + (spacing == .single ? firstWaiting : 0) }

  /// Where a symbol leads; `CodeAutomaton.dead` if nothing can be completed then.
  @inline(__always)
  func step(_ state: Int32, _ symbol: UInt8) -> Int32 {
    if symbol == Spelling.space { return space(state) }
    if state >= firstWaiting { return CodeAutomaton.dead }
    let next = code.step(state, half: symbol)
    if spacing == .single, next >= 0, next < code.firstHalf { return next + firstWaiting }
    return next
  }

  private func space(_ state: Int32) -> Int32 {
    if spacing == .free { return code.isHalf(state) ? CodeAutomaton.dead : state }
    guard state >= firstWaiting else { return CodeAutomaton.dead }
    let next = state - firstWaiting
    // A byte has to follow the space.
    return next == CodeAutomaton.closed ? CodeAutomaton.open : next
  }

  /// The state of the code in a state.
  @inline(__always)
  func codeState(_ state: Int32) -> Int32 { state >= firstWaiting ? state - firstWaiting : state }

  /// Whether the code may end in a state.
  func isComplete(_ state: Int32) -> Bool { codeState(state) == CodeAutomaton.closed }

  /// A state with the same tokens, the end aside: that after an instruction that may not be last.
  @inline(__always)
  func openState(_ state: Int32) -> Int32 {
    codeState(state) == CodeAutomaton.closed ? state - CodeAutomaton.closed : state
  }
}
