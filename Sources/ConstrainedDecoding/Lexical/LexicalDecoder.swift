import Synchronization

/// What a constraint is compiled to that asks nothing of the machine's state.
///
/// It never changes, but for rows that were dear to make, as those near the end of a budget: some are kept.
final class LexicalDecoder: Sendable {
  let walker: LexicalWalker
  let start = LexicalPosition()
  private let spelling: Spelling
  private let vocabulary: TokenVocabulary
  private let trie: TokenTrie
  private let masks: MaskTable
  /// Nil where the vocabulary can spell every text unit by unit.
  private let graph: TokenGraph<LexicalPosition>?
  /// The symbols of all tokens one after the other, and by token where its begin.
  private let symbols: [UInt8]
  private let starts: [Int32]
  private let madeRows: Mutex<[LexicalPosition: [Int32]]>
  private let madeLimit: Int

  /// A row is kept that takes as many nodes of the trie to make.
  private static let dear = 128
  /// The bytes of rows that are kept when they were made.
  private static let madeMemory = 4 << 20
  /// More text than any code needs that is completed by the automaton alone: two instructions.
  private static let enoughText = 96
  /// More bytes than those two instructions have.
  private static let enoughBytes = 32

  /// - Throws: `DecoderError` for a vocabulary or budgets with which no code can be completed.
  init(
    _ code: CodeAutomaton, _ vocabulary: TokenVocabulary, _ constraint: DecodingConstraint
  ) throws(DecoderError) {
    let spelling = Spelling(alphabet: vocabulary.alphabet)
    let text = TextAutomaton(code, spelling)
    let walker = LexicalWalker(text: text, budget: LexicalWalker.Budget(constraint))
    let texts = vocabulary.tokens.indices.map { id in
      vocabulary.text(id).flatMap { spelling.symbols($0) }
    }
    let trie = TokenTrie(texts)
    guard walker.canEnd(start) else {
      throw DecoderError("no code of the constraint fits in its budgets")
    }
    graph =
      vocabulary.spellsEverything
      ? nil
      : try TokenGraph(
        from: start, isEnd: { walker.isComplete($0) },
        next: { place in
          var targets: Set<LexicalPosition> = []
          trie.walk(
            from: place, step: { walker.step($0, $1) },
            visit: { _, reached in
              if walker.canEnd(reached) { targets.insert(walker.future(reached)) }
            })
          return targets
        })
    self.walker = walker
    self.spelling = spelling
    self.vocabulary = vocabulary
    self.trie = trie
    masks = MaskTable(text, trie, words: vocabulary.maskWords)
    symbols = texts.flatMap { $0 ?? [] }
    starts = texts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1?.count ?? 0)) }
    madeRows = Mutex([:])
    madeLimit = Swift.max(16, LexicalDecoder.madeMemory / (4 * vocabulary.maskWords + 64))
    guard isOpen(start) else {
      throw DecoderError("no code of the constraint fits in \(walker.budget.tokens) tokens")
    }
  }

  // MARK: One token

  /// Whether the code can still be completed, with the vocabulary and within all budgets.
  @inline(__always)
  private func isOpen(_ position: LexicalPosition) -> Bool {
    let left = walker.budget.tokens - Int(position.tokens)
    if let graph {
      return graph.tokens(from: walker.future(position)).map { $0 <= left } ?? false
    }
    guard walker.canEnd(position) else { return false }
    if left >= LexicalDecoder.enoughText { return true }
    return walker.shortestText(position).map { $0 <= left } ?? false
  }

  /// Where a token leads, with what it writes; nil, and nothing written, if it is refused.
  func step(
    _ position: LexicalPosition, token: Int, writing code: inout WrittenCode
  ) -> LexicalPosition? {
    guard token >= 0, token + 1 < starts.count, starts[token] < starts[token + 1] else {
      return nil
    }
    let before = code.mark
    var next = position
    for index in Int(starts[token])..<Int(starts[token + 1]) {
      guard let reached = walker.step(next, symbols[index]) else {
        code.cut(to: before)
        return nil
      }
      if reached.bytes > next.bytes {
        code.append(
          next.half << 4 | symbols[index], isEnd: reached.instructions > next.instructions)
      }
      next = reached
    }
    next.tokens += 1
    if isOpen(next) { return next }
    code.cut(to: before)
    return nil
  }

  /// Where one unit of text leads; nil if nothing can be completed then, whatever the budgets.
  func step(_ position: LexicalPosition, unit: UInt8) -> LexicalPosition? {
    guard case .hex(let rule) = spelling.alphabet else {
      return walker.step(position, unit >> 4).flatMap { walker.step($0, unit & 15) }
    }
    return Spelling.symbol(unit, rule).flatMap { walker.step(position, $0) }
  }

  // MARK: Masks

  /// Writes the whole row of a position; `row` has `vocabulary.maskWords` words.
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, at position: LexicalPosition) {
    if !isFar(position) {
      fillKept(row, saturated(position)) { fillNear($0, at: position) }
    } else if masks.hasRow(of: position.state) {
      masks.fill(row, of: position.state)
    } else {
      // No count of tokens is negative: the key is that of no position near the end of a budget.
      let key = LexicalPosition(state: position.state, tokens: -1)
      fillKept(row, key) { masks.fill($0, of: position.state) >= LexicalDecoder.dear }
    }
    guard walker.isComplete(position) else { return }
    for token in vocabulary.endTokens { row[token >> 5] |= 1 << Int32(token & 31) }
  }

  /// Whether no token can lead to where a budget, or the vocabulary, matters.
  private func isFar(_ position: LexicalPosition) -> Bool {
    let (budget, reach) = (walker.budget, trie.longest / 2 + 1)
    return graph == nil && budget.instructions - Int(position.instructions) >= reach + 2
      && budget.bytes - Int(position.bytes) >= reach + LexicalDecoder.enoughBytes
      && budget.tokens - Int(position.tokens) > LexicalDecoder.enoughText
  }

  /// Writes the row that was kept for `key`, or what `make` makes, which says whether to keep it.
  private func fillKept(
    _ row: UnsafeMutableBufferPointer<Int32>, _ key: LexicalPosition,
    _ make: (UnsafeMutableBufferPointer<Int32>) -> Bool
  ) {
    if let known = madeRows.withLock({ $0[key] }) {
      _ = row.update(fromContentsOf: known)
      return
    }
    guard make(row) else { return }
    let made = Array(row)
    madeRows.withLock { rows in
      if rows.count >= madeLimit { rows.removeAll(keepingCapacity: true) }
      rows[key] = made
    }
  }

  private func fillNear(
    _ row: UnsafeMutableBufferPointer<Int32>, at position: LexicalPosition
  ) -> Bool {
    row.update(repeating: 0)
    trie.walk(
      from: position, step: { walker.step($0, $1) },
      visit: { node, reached in
        var reached = reached
        reached.tokens += 1
        guard isOpen(reached) else { return }
        for token in trie.tokens(at: node) { row[Int(token >> 5)] |= 1 << (token & 31) }
      })
    return true
  }

  /// The position with counts that are far from every budget made equal.
  private func saturated(_ position: LexicalPosition) -> LexicalPosition {
    let (budget, reach) = (walker.budget, trie.longest / 2 + 1)
    func count(_ value: Int32, _ limit: Int, _ margin: Int) -> Int32 {
      limit == LexicalWalker.Budget.unlimited
        ? 0 : Swift.max(value, Int32(clamping: limit - margin))
    }
    var result = position
    result.half = 0
    if let graph {
      // As many tokens may be needed as from anywhere, and any number of instructions.
      result.tokens = count(position.tokens, budget.tokens, graph.longest + 2)
      return result
    }
    result.instructions = count(position.instructions, budget.instructions, reach + 2)
    result.bytes = count(position.bytes, budget.bytes, reach + LexicalDecoder.enoughBytes)
    result.tokens = count(position.tokens, budget.tokens, LexicalDecoder.enoughText + 1)
    return result
  }

  // MARK: Distance

  /// The fewest tokens, the end not counted, that complete the code; nil if the position is dead.
  func minimumTokens(from position: LexicalPosition) -> Int? {
    if let graph { return graph.tokens(from: walker.future(position)) }
    if walker.isComplete(position) { return 0 }
    var seen: Set<LexicalPosition> = []
    var front = [position]
    var count = 0
    while !front.isEmpty {
      count += 1
      var next: [LexicalPosition] = []
      for position in front {
        var isDone = false
        trie.walk(
          from: position, step: { walker.step($0, $1) },
          visit: { _, reached in
            if walker.isComplete(reached) { isDone = true }
            if !isDone, walker.canEnd(reached), seen.insert(saturated(reached)).inserted {
              next.append(reached)
            }
          })
        if isDone { return count }
      }
      front = next
    }
    return nil
  }

  /// Whether bytes are a whole code.
  func accepts(_ bytes: [UInt8]) -> Bool {
    var state = CodeAutomaton.open
    for byte in bytes {
      state = walker.text.code.step(state, byte)
      if state < 0 { return false }
    }
    return state == CodeAutomaton.closed && bytes.count <= walker.budget.bytes
  }

  /// The bytes that tables and rows take.
  var memory: Int {
    let made = madeRows.withLock { $0.count } * (4 * vocabulary.maskWords + 64)
    return walker.text.code.memory + masks.memory + trie.memory + symbols.count + 4 * starts.count
      + made + (graph?.memory ?? 0)
  }
}

extension LexicalWalker {
  /// What of a position the future depends on: no counts that have no budget.
  func future(_ position: LexicalPosition) -> LexicalPosition {
    var result = position
    result.half = 0
    result.tokens = 0
    if budget.bytes == Budget.unlimited { result.bytes = 0 }
    if budget.instructions == Budget.unlimited { result.instructions = 0 }
    return result
  }
}
