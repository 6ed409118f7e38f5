/// The positions before each of the tokens that a matcher has read, in few bytes each.
struct MatcherHistory: Sendable {
  /// One of the two is empty.
  private var places: [LexicalPosition] = []
  private var marks: [Mark] = []

  /// A position that follows the machine's state, without what the code says of it: the instruction that was
  /// begun, and the count of tokens.
  private struct Mark: Sendable {
    let plan: UInt128
    let semantics: SemanticState?
    let state: Int32
    let instructions: Int32
    let bytes: Int32
    let rest: Int32
    let half: UInt8
    let isAfterSpace: Bool

    init(_ position: Position) {
      plan = position.plan
      semantics = position.semantics
      state = position.state
      instructions = position.instructions
      bytes = position.bytes
      rest = position.rest
      half = position.half
      isAfterSpace = position.isAfterSpace
    }

    func position(begun: UInt128, tokens: Int) -> Position {
      Position(
        state: state, half: half, isAfterSpace: isAfterSpace, instructions: instructions,
        bytes: bytes, tokens: Int32(tokens), rest: rest, semantics: semantics, begun: begun,
        plan: plan)
    }
  }

  @inline(__always)
  mutating func append(_ position: MatcherPosition) {
    switch position {
    case .lexical(let place): places.append(place)
    case .semantic(let place): marks.append(Mark(place))
    }
  }

  /// Forgets all but the first `count` positions and takes the code back to the one after those, which it
  /// gives.
  mutating func rollback(to count: Int, _ code: inout WrittenCode) -> MatcherPosition {
    if places.isEmpty {
      let mark = marks[count]
      marks.removeLast(marks.count - count)
      code.cut(to: (Int(mark.bytes), Int(mark.instructions)))
      return .semantic(mark.position(begun: code.openBytes.begun, tokens: count))
    }
    let place = places[count]
    places.removeLast(places.count - count)
    code.cut(to: (Int(place.bytes), Int(place.instructions)))
    return .lexical(place)
  }
}
