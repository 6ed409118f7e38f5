/// The masks of an automaton's states without budgets and ends.
///
/// Rows are kept of some states. The row of another is made from that of a kept one: the trie is walked
/// from both states at once, and only where they do not come together do the rows differ. Which one is
/// taken makes no difference to the result.
///
/// A value that never changes.
struct MaskTable: Sendable {
  private let text: TextAutomaton
  private let trie: TokenTrie
  private let words: Int
  /// The rows that are kept, one after the other.
  private var rows: [Int32] = []
  /// By state: the position of its row; -1 where none is kept.
  private var places: [Int32]
  /// By state and half byte: a state with a row that half byte leads to it from; -1 for none.
  private var sources: [Int32]
  /// By state: how far it is from the start; and by that distance a state with a row, -1 for none.
  private var depths: [UInt8]
  private var examples = [Int32](repeating: -1, count: 256)
  /// By half byte: the tokens that begin with it.
  private var weights = [Int](repeating: 0, count: 16)

  /// Rows take at most so many bytes.
  private static let memoryLimit = 10 << 20
  /// A row is kept if it takes more nodes than these to make it from the others: first of all the dearest
  /// are, and where there is room those that are a little cheaper than to copy a row.
  private static let cheap = [4096, 1024, 64]
  /// As many states are looked at: all those near to the start, and of the others some.
  private static let (nearLimit, otherLimit) = (256, 4096)

  init(_ text: TextAutomaton, _ trie: TokenTrie, words: Int) {
    self.text = text
    self.trie = trie
    self.words = words
    places = [Int32](repeating: -1, count: text.stateCount)
    sources = [Int32](repeating: -1, count: text.code.stateCount << 4)
    depths = [UInt8](repeating: 0, count: text.code.stateCount)
    var child = 1
    while child < trie.nodeCount {
      let end = Int(trie.end[child])
      if trie.unit[child] < 16 {
        weights[Int(trie.unit[child])] += Int(trie.tokenStart[end] - trie.tokenStart[child])
      }
      child = end
    }
    var row = [Int32](repeating: 0, count: words)
    let states = statesToKeep()
    for limit in MaskTable.cheap {
      for state in states {
        guard (rows.count + words) * 4 <= MaskTable.memoryLimit || rows.isEmpty else { break }
        row.withUnsafeMutableBufferPointer { row in
          if fill(row, of: state) > limit || rows.isEmpty { keep(state, row) }
        }
      }
    }
  }

  /// Some of the states: those near to the start, then others from everywhere.
  private mutating func statesToKeep() -> [Int32] {
    let states = nearStates()
    let others = states.dropFirst(MaskTable.nearLimit)
    // With its bits reversed a number is followed by one far from it.
    let bits = UInt32.bitWidth - UInt32(others.count).leadingZeroBitCount
    let spread = (UInt32(0)..<1 << UInt32(bits)).lazy.compactMap { number -> Int32? in
      let place = bits == 0 ? 0 : MaskTable.reversed(number) >> UInt32(32 - bits)
      return place < others.count ? others[others.startIndex + Int(place)] : nil
    }
    return Array(states.prefix(MaskTable.nearLimit)) + Array(spread.prefix(MaskTable.otherLimit))
  }

  private static func reversed(_ number: UInt32) -> UInt32 {
    (0..<32).reduce(0) { $0 | (number >> UInt32($1) & 1) << UInt32(31 - $1) }
  }

  /// The states of the code in the order of their distance from the start, which is noted.
  private mutating func nearStates() -> [Int32] {
    var seen = [Bool](repeating: false, count: text.code.stateCount)
    var result = [CodeAutomaton.open]
    seen[0] = true
    seen[1] = true
    var next = 0
    while next < result.count {
      for half in UInt8(0)..<16 {
        let target = text.code.step(result[next], half: half)
        if target >= 0, !seen[Int(target)] {
          seen[Int(target)] = true
          depths[Int(target)] = depths[Int(result[next])] + 1
          result.append(target)
        }
      }
      next += 1
    }
    return result
  }

  private mutating func keep(_ state: Int32, _ row: UnsafeMutableBufferPointer<Int32>) {
    places[Int(state)] = Int32(rows.count / Swift.max(words, 1))
    rows += row
    examples[Int(depths[Int(state)])] = state
    for half in UInt8(0)..<16 {
      let target = text.code.step(state, half: half)
      if target >= 0 { sources[Int(target) << 4 | Int(half)] = state }
    }
  }

  // MARK: Rows

  /// Whether the row of a state is kept.
  func hasRow(of state: Int32) -> Bool { places[Int(text.openState(state))] >= 0 }

  /// Writes the row of a state, of `words` words; tells how many nodes of the trie were visited.
  @discardableResult
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, of state: Int32) -> Int {
    let state = text.openState(state)
    let similar = places[Int(state)] >= 0 ? state : self.similar(to: state)
    guard similar >= 0 else {
      row.update(repeating: 0)
      return change(row, from: CodeAutomaton.dead, to: state)
    }
    let first = Int(places[Int(similar)]) * words
    rows.withUnsafeBufferPointer { rows in
      _ = row.update(fromContentsOf: rows[first..<first + words])
    }
    return similar == state ? 0 : change(row, from: similar, to: state)
  }

  /// The state with a row whose tokens, by their first half bytes, are for the most part those of
  /// `state`, or one as far from the start; `dead` if there is none.
  private func similar(to state: Int32) -> Int32 {
    guard state < text.firstWaiting else { return CodeAutomaton.dead }
    var best = (state: examples[Int(depths[Int(state)])], weight: 0)
    for half in 0..<16 {
      let target = text.code.steps[Int(state) << 4 | half]
      guard target >= 0 else { continue }
      let source = sources[Int(target) << 4 | half]
      if source < 0 || source == best.state { continue }
      var weight = 0
      for other in 0..<16
      where text.code.steps[Int(source) << 4 | other]
        == text.code.steps[Int(state) << 4 | other]
      {
        weight += weights[other]
      }
      if weight > best.weight { best = (source, weight) }
    }
    return best.state
  }

  /// Makes the row of one state that of another; tells how many nodes of the trie were visited.
  private func change(
    _ row: UnsafeMutableBufferPointer<Int32>, from old: Int32, to new: Int32
  ) -> Int {
    withUnsafeTemporaryAllocation(of: (Int32, Int32).self, capacity: trie.longest + 1) { path in
      path[0] = (old, new)
      var visited = 0
      var node = 1
      while node < trie.nodeCount {
        visited += 1
        let depth = Int(trie.depth[node])
        let (left, right) = path[depth - 1]
        let reached = (step(left, trie.unit[node]), step(right, trie.unit[node]))
        if reached.0 == reached.1 {
          node = Int(trie.end[node])
          continue
        }
        if (reached.0 < 0) != (reached.1 < 0) { set(row, node, isAllowed: reached.1 >= 0) }
        path[depth] = reached
        node += 1
      }
      return visited
    }
  }

  /// Where a symbol leads, ends aside.
  @inline(__always)
  private func step(_ state: Int32, _ symbol: UInt8) -> Int32 {
    state < 0 ? state : text.openState(text.step(state, symbol))
  }

  @inline(__always)
  private func set(_ row: UnsafeMutableBufferPointer<Int32>, _ node: Int, isAllowed: Bool) {
    for index in Int(trie.tokenStart[node])..<Int(trie.tokenStart[node + 1]) {
      let token = trie.tokens[index]
      let bit = Int32(1) << (token & 31)
      row[Int(token >> 5)] = isAllowed ? row[Int(token >> 5)] | bit : row[Int(token >> 5)] & ~bit
    }
  }

  /// The bytes that the tables take.
  var memory: Int { rows.count * 4 + (places.count + sources.count) * 4 + depths.count }
}
