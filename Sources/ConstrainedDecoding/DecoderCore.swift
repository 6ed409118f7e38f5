/// What a constraint is compiled to that follows the machine's state, its growing tables included; used
/// under a lock.
final class DecoderCore {
  let walker: Walker
  /// The position before the first token.
  let start: Position
  let trie: TokenTrie
  let vocabulary: TokenVocabulary
  private let maximumTokens: Int
  /// Nil where the vocabulary can spell every text unit by unit, or has whole instructions alone.
  private let graph: TokenGraph<Position>?
  private var masks: [Position: [Int32]] = [:]
  /// As many masks are kept before all are forgotten.
  private let maskLimit: Int

  /// The bytes of masks that are kept.
  private static let maskMemory = 16 << 20

  init(
    _ walker: Walker, _ vocabulary: TokenVocabulary, _ trie: TokenTrie, tokens: Int
  ) throws(DecoderError) {
    self.walker = walker
    self.trie = trie
    self.vocabulary = vocabulary
    maximumTokens = tokens
    maskLimit = Swift.max(16, DecoderCore.maskMemory / (4 * vocabulary.maskWords + 64))
    guard let start = walker.search.start else {
      throw DecoderError("no code of the constraint fits in its budgets")
    }
    self.start = start
    graph =
      vocabulary.alphabet.isSpelled(by: trie.singleUnits) || walker.search.words != nil
      ? nil
      : try TokenGraph(
        from: walker.future(start), isEnd: { walker.isComplete($0) },
        next: { place in
          var targets: Set<Position> = []
          trie.walk(
            from: walker.search.place(of: place), step: { walker.step($0, $1) },
            visit: { _, reached in
              targets.insert(walker.future(walker.search.position(at: reached, tokens: 0)))
            })
          return targets
        })
    guard isOpen(start) else {
      throw DecoderError("no code of the constraint fits in \(maximumTokens) tokens")
    }
  }

  // MARK: One token

  /// Whether the code can still be completed, with the vocabulary and within all budgets.
  private func isOpen(_ position: Position) -> Bool {
    let left = maximumTokens - Int(position.tokens)
    if let graph {
      return graph.tokens(from: walker.future(position)).map { $0 <= left } ?? false
    }
    return maximumTokens == LexicalWalker.Budget.unlimited
      || tokensToEnd(walker.search.place(of: position)).map { $0 <= left } ?? false
  }

  /// The same of a place that a token leads to from a position.
  private func isOpen(_ place: Place, after position: Position) -> Bool {
    guard graph == nil else {
      return isOpen(walker.search.position(at: place, tokens: position.tokens + 1))
    }
    let left = maximumTokens - Int(position.tokens) - 1
    return maximumTokens == LexicalWalker.Budget.unlimited
      || tokensToEnd(place).map { $0 <= left } ?? false
  }

  /// The tokens of the completion that is known of a place: units of text, or whole instructions.
  private func tokensToEnd(_ place: Place) -> Int? {
    walker.search.words == nil
      ? walker.shortestText(place) : walker.search.instructionsToEnd(place)
  }

  /// Where a token leads; nil if it is refused.
  func step(_ position: Position, token: Int) -> Position? {
    guard let text = vocabulary.text(token), var next = walker.step(position, text) else {
      return nil
    }
    next.tokens += 1
    return isOpen(next) ? next : nil
  }

  // MARK: Masks

  /// Writes the whole row of a position; `row` has `vocabulary.maskWords` words.
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, at position: Position) {
    let key = saturated(position)
    if let known = masks[key] {
      _ = row.update(fromContentsOf: known)
      return
    }
    let mask = mask(of: position)
    if masks.count >= maskLimit { masks.removeAll(keepingCapacity: true) }
    masks[key] = mask
    _ = row.update(fromContentsOf: mask)
  }

  private func mask(of position: Position) -> [Int32] {
    var result = [Int32](repeating: 0, count: vocabulary.maskWords)
    trie.walk(
      from: walker.search.place(of: position), step: { walker.step($0, $1) },
      visit: { node, reached in
        guard isOpen(reached, after: position) else { return }
        for token in trie.tokens(at: node) { result[Int(token >> 5)] |= 1 << (token & 31) }
      })
    if walker.isComplete(position) {
      for token in vocabulary.endTokens { result[token >> 5] |= 1 << Int32(token & 31) }
    }
    return result
  }

  /// What of a position its mask depends on: counts that are far from every budget are made equal, unless
  /// ways to an end are as long as a vocabulary makes them.
  private func saturated(_ position: Position) -> Position {
    var result = position
    if graph != nil {
      result = walker.future(position)
      if maximumTokens < LexicalWalker.Budget.unlimited { result.tokens = position.tokens }
      return result
    }
    let margin = trie.longest + 32 + CompletionSearch.longestRest
    let last = Int32(clamping: walker.maximumInstructions - margin)
    let unlimited = LexicalWalker.Budget.unlimited
    result.instructions =
      walker.maximumInstructions == unlimited ? 0 : Swift.max(position.instructions, last)
    let end = Int32(clamping: walker.maximumBytes - margin)
    result.bytes =
      walker.maximumBytes == unlimited
      ? Swift.min(position.bytes, 1) : Swift.max(position.bytes, end)
    if position.bytes == 0 { result.bytes = 0 }
    result.tokens =
      maximumTokens == unlimited
      ? 0 : Swift.max(position.tokens, Int32(clamping: maximumTokens - 3 * margin - 2))
    return result
  }

  // MARK: Distance

  /// A number of tokens, the end not counted, that complete the code; nil if the position is dead.
  func minimumTokens(from position: Position) -> Int? {
    if let graph { return graph.tokens(from: walker.future(position)) }
    return walker.isComplete(position) ? 0 : tokensToEnd(walker.search.place(of: position))
  }

  /// The bytes that tables and masks take.
  var memory: Int {
    walker.automaton.memory + masks.count * (4 * vocabulary.maskWords + 64) + trie.memory
      + walker.search.memory
  }
}

extension Walker {
  /// What of a position the future depends on: no counts that have no budget.
  func future(_ position: Position) -> Position {
    let unlimited = LexicalWalker.Budget.unlimited
    var result = position
    result.tokens = 0
    if maximumBytes == unlimited { result.bytes = Swift.min(position.bytes, 1) }
    if maximumInstructions == unlimited { result.instructions = 0 }
    return result
  }
}

extension TokenVocabulary {
  /// Whether there is a token for every single unit of text: then whatever can be spelled can be
  /// completed.
  var spellsEverything: Bool {
    let units = tokens.indices.lazy.compactMap { text($0) }.filter { $0.count == 1 }.map { $0[0] }
    return alphabet.isSpelled(by: Set(units))
  }
}

extension TokenVocabulary.Alphabet {
  /// Whether everything can be spelled with these units of text.
  func isSpelled(by units: Set<UInt8>) -> Bool {
    guard case .hex(let rule) = self else { return units.count == 256 }
    if rule.spacing == .single, !units.contains(32) { return false }
    return (UInt8(0)..<16).allSatisfy { digit in
      let lower = digit < 10 ? 48 + digit : 87 + digit
      let upper = digit < 10 ? 48 + digit : 55 + digit
      return rule.digits != .upper && units.contains(lower)
        || rule.digits != .lower && units.contains(upper)
    }
  }
}
