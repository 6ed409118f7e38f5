/// Where a matcher stands, for either engine.
enum MatcherPosition: Hashable, Sendable {
  case lexical(LexicalPosition)
  /// Apart, so that positions without the machine's state stay small.
  indirect case semantic(Position)

  /// Instructions completed.
  var instructions: Int {
    switch self {
    case .lexical(let place): Int(place.instructions)
    case .semantic(let place): Int(place.instructions)
    }
  }

  /// Bytes completed.
  var bytes: Int {
    switch self {
    case .lexical(let place): Int(place.bytes)
    case .semantic(let place): Int(place.bytes)
    }
  }
}

extension CompiledDecoder {
  /// The position before the first token.
  var start: MatcherPosition {
    switch engine {
    case .lexical(let decoder): .lexical(decoder.start)
    case .semantic(let core): .semantic(core.with { $0.start })
    }
  }

  /// Where one unit of text leads; nil if nothing can be completed then, whatever the budgets.
  @inline(__always)
  func step(_ position: MatcherPosition, unit: UInt8) -> MatcherPosition? {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)):
      return decoder.step(place, unit: unit).map { .lexical($0) }
    case (.semantic(let core), .semantic(let place)):
      return core.with { $0.walker.step(place, unit) }.map { .semantic($0) }
    default: return nil
    }
  }

  /// Writes the whole row of a position; `row` has `vocabulary.maskWords` words.
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, at position: MatcherPosition) {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)): decoder.fill(row, at: place)
    case (.semantic(let core), .semantic(let place)):
      nonisolated(unsafe) let row = row
      core.with { $0.fill(row, at: place) }
    default: row.update(repeating: 0)
    }
  }

  /// Whether the code may end at a position.
  func isComplete(_ position: MatcherPosition) -> Bool {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)): decoder.walker.isComplete(place)
    case (.semantic(let core), .semantic(let place)): core.with { $0.walker.isComplete(place) }
    default: false
    }
  }

  /// Whether the code can be completed within the budgets, the vocabulary aside.
  func canEnd(_ position: MatcherPosition) -> Bool {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)): decoder.walker.canEnd(place)
    case (.semantic, .semantic): true
    default: false
    }
  }

  /// A number of tokens that complete the code; nil if the position is dead.
  func minimumTokens(from position: MatcherPosition) -> Int? {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)): decoder.minimumTokens(from: place)
    case (.semantic(let core), .semantic(let place)): core.with { $0.minimumTokens(from: place) }
    default: nil
    }
  }

  /// The value of the half byte that was read; nil between bytes.
  func openHalf(at position: MatcherPosition) -> UInt8? {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)):
      let text = decoder.walker.text
      return text.code.isHalf(text.codeState(place.state)) ? place.half : nil
    case (_, .semantic(let place)): return place.half == 0 ? nil : place.half - 1
    default: return nil
    }
  }

  /// Whether a space has to follow.
  func awaitsSpace(at position: MatcherPosition) -> Bool {
    switch (engine, position) {
    case (.lexical(let decoder), .lexical(let place)):
      return place.state >= decoder.walker.text.firstWaiting
    case (_, .semantic(let place)):
      guard case .hex(let rule) = vocabulary.alphabet, rule.spacing == .single else { return false }
      return place.half == 0 && !place.isAfterSpace && place.bytes > 0
    default: return false
    }
  }
}
