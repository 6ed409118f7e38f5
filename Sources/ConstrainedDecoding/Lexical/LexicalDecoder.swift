import Synchronization

/// What a constraint is compiled to that asks nothing of the machine's state.
///
/// It never changes, but that rows and lists of tokens are kept once they were made.
final class LexicalDecoder: Sendable {
  let walker: LexicalWalker
  let start = LexicalPosition()
  let tables: LexicalTables
  /// Nil where a budget or the vocabulary's ways to an end decide about every mask.
  private let masks: MaskTable?
  /// Nil where the vocabulary can spell every text unit by unit.
  private let graph: TokenGraph<LexicalPosition>?
  private let madeRows: Mutex<[LexicalPosition: [Int32]]>
  private let madeLimit: Int

  /// The bytes of rows that are kept when they were made.
  private static let madeMemory = 4 << 20
  /// More text than any code needs that is completed by the automaton alone: two instructions.
  private static let enoughText = 96
  /// More bytes than those two instructions have.
  private static let enoughBytes = 32

  /// - Throws: `DecoderError` for a vocabulary or budgets with which no code can be completed.
  init(_ tables: LexicalTables, _ constraint: DecodingConstraint) throws(DecoderError) {
    let walker = LexicalWalker(text: tables.text, budget: LexicalWalker.Budget(constraint))
    let (vocabulary, trie) = (tables.words.vocabulary, tables.words.trie)
    guard walker.canEnd(start) else {
      throw DecoderError("no code of the constraint fits in its budgets")
    }
    graph =
      tables.words.spellsEverything
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
    self.tables = tables
    madeRows = Mutex([:])
    madeLimit = Swift.max(16, LexicalDecoder.madeMemory / (4 * vocabulary.maskWords + 64))
    let hasFar = graph == nil && LexicalDecoder.isFar(start, walker.budget, trie)
    masks = hasFar ? tables.masks : nil
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
    let texts = tables.words.texts
    guard token >= 0, token < texts.count, !texts[token].isEmpty else { return nil }
    let before = code.mark
    var next = position
    for symbol in texts[token] {
      guard let reached = walker.step(next, symbol) else {
        code.cut(to: before)
        return nil
      }
      if reached.bytes > next.bytes {
        code.append(next.half << 4 | symbol, isEnd: reached.instructions > next.instructions)
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
    guard case .hex(let rule) = tables.words.vocabulary.alphabet else {
      return walker.step(position, unit >> 4).flatMap { walker.step($0, unit & 15) }
    }
    return Spelling.symbol(unit, rule).flatMap { walker.step(position, $0) }
  }

  // MARK: Masks

  /// Writes the whole row of a position; `row` has `vocabulary.maskWords` words.
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, at position: LexicalPosition) {
    if let masks, LexicalDecoder.isFar(position, walker.budget, tables.words.trie) {
      masks.fill(row, of: position.state)
    } else {
      fillNear(row, at: position)
    }
    guard walker.isComplete(position) else { return }
    for token in tables.words.vocabulary.endTokens { row[token >> 5] |= 1 << Int32(token & 31) }
  }

  /// Whether no token can lead to where a budget, or the vocabulary, matters.
  private static func isFar(
    _ position: LexicalPosition, _ budget: LexicalWalker.Budget, _ trie: SymbolTrie
  ) -> Bool {
    let reach = trie.longest / 2 + 1
    return budget.instructions - Int(position.instructions) >= reach + 2
      && budget.bytes - Int(position.bytes) >= reach + LexicalDecoder.enoughBytes
      && budget.tokens - Int(position.tokens) > LexicalDecoder.enoughText
  }

  private func fillNear(_ row: UnsafeMutableBufferPointer<Int32>, at position: LexicalPosition) {
    let key = saturated(position)
    if let known = madeRows.withLock({ $0[key] }) {
      _ = row.update(fromContentsOf: known)
      return
    }
    row.update(repeating: 0)
    let trie = tables.words.trie
    trie.walk(
      from: position, step: { walker.step($0, $1) },
      visit: { node, reached in
        var reached = reached
        reached.tokens += 1
        guard isOpen(reached) else { return }
        for token in trie.tokens(at: node) { row[Int(token >> 5)] |= 1 << (token & 31) }
      })
    let made = Array(row)
    madeRows.withLock { rows in
      if rows.count >= madeLimit { rows.removeAll(keepingCapacity: true) }
      rows[key] = made
    }
  }

  /// The position with counts that are far from every budget made equal.
  private func saturated(_ position: LexicalPosition) -> LexicalPosition {
    let (budget, reach) = (walker.budget, tables.words.trie.longest / 2 + 1)
    func count(_ value: Int32, _ limit: Int, _ margin: Int) -> Int32 {
      limit == LexicalWalker.Budget.unlimited
        ? 0 : Swift.max(value, Int32(clamping: limit - margin))
    }
    var result = position
    result.half = 0
    if let graph {
      // As many tokens may be needed as from anywhere, and any number of instructions.
      result = walker.future(position)
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
        tables.words.trie.walk(
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
    let row = 4 * tables.words.vocabulary.maskWords + 64
    return tables.memory + madeRows.withLock { $0.count } * row + (graph?.memory ?? 0)
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
