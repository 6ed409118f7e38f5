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
      Cost(instructions: maximumInstructions, bytes: maximumBytes), isByBytes: alphabet == .bytes,
      semantics.words)
  }

  // MARK: Steps

  /// Where one unit of text leads; nil if nothing can be completed then.
  func step(_ position: Position, _ unit: UInt8) -> Position? {
    step(position, CollectionOfOne(unit))
  }

  /// Where text leads; nil if nothing can be completed then.
  func step(_ position: Position, _ text: some Sequence<UInt8>) -> Position? {
    var place = search.place(of: position)
    for unit in text {
      guard let next = step(place, unit) else { return nil }
      place = next
    }
    return search.position(at: place, tokens: position.tokens)
  }

  /// Where one unit of text leads.
  func step(_ place: Place, _ unit: UInt8) -> Place? {
    guard case .hex(let rule) = alphabet else {
      return search.upper(place, unit >> 4, isWhole: true).flatMap { search.lower($0, unit & 15) }
    }
    switch rule.spacing {
    case .none: break
    case .free: if place.half == 0, unit == 32 || (9...13).contains(unit) { return place }
    case .single:
      if place.half == 0, place.bytes > 0, !place.isAfterSpace {
        return unit == 32 ? search.space(place) : nil
      }
    }
    guard let digit = Spelling.digit(unit, rule.digits) else { return nil }
    return place.half == 0
      ? search.upper(place, digit, isWhole: false) : search.lower(place, digit)
  }

  // MARK: Whole codes

  /// Whether instructions may stand one after the other, whatever their beginnings look like: a code of which this
  /// is not so is refused.
  func mayStand(_ instructions: [[UInt8]], from start: Position) -> Bool {
    var place = search.place(of: start)
    for instruction in instructions {
      guard let next = search.after(instruction, place) else { return false }
      place = next
    }
    return true
  }

  // MARK: Ends

  /// Whether the code may end here.
  func isComplete(_ position: Position) -> Bool {
    position.state == CodeAutomaton.closed && position.half == 0 && !position.isAfterSpace
      && position.instructions <= maximumInstructions && position.bytes <= maximumBytes
      && position.semantics?.mayEnd ?? true
  }

  /// Whether bytes are a whole code.
  func accepts(_ bytes: [UInt8], from start: Position) -> Bool {
    var place = search.place(of: start)
    for byte in bytes {
      guard let upper = search.upper(place, byte >> 4, isWhole: true),
        let next = search.lower(upper, byte & 15)
      else { return false }
      place = next
    }
    return isComplete(search.position(at: place, tokens: start.tokens))
  }

  /// The units of text that the completion takes which is known.
  func shortestText(_ place: Place) -> Int {
    let count = Int(place.rest)
    guard case .hex(let rule) = alphabet else { return count }
    let digits = 2 * count - (place.half == 0 ? 0 : 1)
    guard rule.spacing == .single, count > 0 else { return digits }
    let isSpaced = place.half != 0 || place.isAfterSpace || place.bytes == 0
    return digits + count - (isSpaced ? 1 : 0)
  }
}
