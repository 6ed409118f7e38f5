/// The tokens that one of two states of an automaton accepts and the other does not, ends aside.
///
/// The trie is walked from both states at once, but for the branches where both come to the same state and for nodes
/// below which nothing can tell them apart (`StateDifference`). Where one comes to the end of an instruction and the
/// other to nothing, the tokens are those that go on from between two instructions, which are listed for the nodes of
/// the first levels.
///
/// A value that never changes.
struct TokenDifferences: Sendable {
  private let text: TextAutomaton
  private let trie: SymbolTrie
  /// The state between two instructions.
  private let boundary: Int32
  /// By node of the first levels.
  private var lists: [List] = [List()]
  /// The words of lists: their places and the bits of tokens in them, in turn.
  private var words: [UInt32] = []

  /// Tokens at and below a node that go on from between two instructions: where they are in `words`, and how many.
  private struct List {
    var first: Int32 = 0
    var end: Int32 = 0
    var tokens: Int32 = 0
  }

  /// - Parameter words: those of a row.
  init(_ text: TextAutomaton, _ trie: SymbolTrie, words: Int) {
    self.text = text
    self.trie = trie
    boundary = text.boundary
    var row = [UInt32](repeating: 0, count: words)
    // That of the root is not asked for.
    for node in 1..<Swift.max(1, trie.firstDeep) { lists.append(list(at: node, &row)) }
  }

  /// - Parameter row: zeros, before and after.
  private mutating func list(at top: Int, _ row: inout [UInt32]) -> List {
    let first = words.count
    var count = 0
    func add(_ node: Int) {
      for token in trie.tokens(at: node) {
        let word = Int(token >> 5)
        if row[word] == 0 { words += [UInt32(word), 0] }
        row[word] |= 1 << UInt32(token & 31)
        count += 1
      }
    }
    add(top)
    trie.walk(
      from: boundary, top: top,
      step: { state, symbol in
        let reached = step(state, symbol)
        return reached < 0 ? nil : reached
      }, visit: { node, _ in add(node) })
    for place in stride(from: first, to: words.count, by: 2) {
      let word = Int(words[place])
      words[place + 1] = row[word]
      row[word] = 0
    }
    return List(first: Int32(first), end: Int32(words.count), tokens: Int32(count))
  }

  /// Flips the bits of a row for every token that one state accepts and the other does not; `dead` accepts
  /// none. Tells how many those are.
  @discardableResult
  func flip(_ row: UnsafeMutableBufferPointer<Int32>, from old: Int32, to new: Int32) -> Int {
    precondition(Swift.max(old, new) < text.stateCount, "states \(old) and \(new)")
    // Every place that is taken has less than `arity` below it, and those that are open are the rest of
    // such as were put there together.
    let room = SymbolTrie.arity * (trie.longest + 2)
    return text.code.readSteps { steps in
      trie.nodes.withUnsafeBufferPointer { nodes in
        trie.tokens.withUnsafeBufferPointer { tokens in
          withUnsafeTemporaryAllocation(of: Place.self, capacity: room) { open in
            KnownDifferences.with(steps) { known in
              let memory = Memory(
                steps: steps, known: known, nodes: nodes, tokens: tokens, open: open, row: row)
              open[0] = Place(old: old, new: new, node: 0, symbols: nodes[0].symbols)
              var count = 1
              var flipped = 0
              while count > 0 {
                count &-= 1
                precondition(count + SymbolTrie.arity <= room, "\(count) places open of \(room)")
                flipped &+= expand(open[count], memory, &count)
              }
              return flipped
            }
          }
        }
      }
    }
  }

  /// What a walk reads and writes.
  private struct Memory {
    let steps: StateSteps
    let known: KnownDifferences
    let nodes: UnsafeBufferPointer<SymbolTrie.Node>
    let tokens: UnsafeBufferPointer<Int32>
    let open: UnsafeMutableBufferPointer<Place>
    let row: UnsafeMutableBufferPointer<Int32>
  }

  /// Puts the places below one, where both states differ, onto the others; tells how many bits it flipped.
  @inline(__always)
  private func expand(_ above: Place, _ memory: Memory, _ count: inout Int) -> Int {
    let (nodes, steps) = (memory.nodes, memory.steps)
    let top = nodes[Int(above.node)]
    // States that wait for a space have no row in the table.
    let isPlain = text.spacing != .single
    let isNarrow = isPlain && steps.isNarrow
    var symbols = above.symbols
    let targets = (steps.narrowTargets(above.old), steps.narrowTargets(above.new))
    var flipped = 0
    while symbols != 0 {
      let symbol = UInt8(truncatingIfNeeded: symbols.trailingZeroBitCount)
      symbols &= symbols &- 1
      let isDirect = isNarrow && symbol < Spelling.space
      let old = isDirect ? targets.0.after(symbol) : step(above.old, symbol)
      let new = isDirect ? targets.1.after(symbol) : step(above.new, symbol)
      if old == new { continue }
      let node = top.child(UInt32(symbol))
      if Swift.min(old, new) < 0 {
        if node < lists.count, Swift.max(old, new) == boundary {
          flipped &+= flipList(memory.row, node)
          continue
        }
        let end = nodes[node &+ 1].firstToken
        var place = nodes[node].firstToken
        flipped &+= Int(end &- place)
        while place < end {
          let token = memory.tokens[Int(place)]
          memory.row[Int(token >> 5)] ^= 1 &<< (token & 31)
          place &+= 1
        }
      }
      var below = nodes[node].symbols
      if below == 0 { continue }
      if isPlain {
        below = memory.known[old, new].symbols(below: nodes[node])
        if below == 0 { continue }
      }
      memory.open[count] = Place(
        old: old, new: new, node: Int32(truncatingIfNeeded: node), symbols: below)
      count &+= 1
    }
    return flipped
  }

  /// Flips the tokens of the list of a node, and tells how many they are.
  private func flipList(_ row: UnsafeMutableBufferPointer<Int32>, _ node: Int) -> Int {
    let list = lists[node]
    words.withUnsafeBufferPointer { words in
      var place = Int(list.first)
      while place < list.end {
        row[Int(words[place])] ^= Int32(bitPattern: words[place &+ 1])
        place &+= 2
      }
    }
    return Int(list.tokens)
  }

  /// Where both states led to at a node, and the symbols below it to look at.
  private struct Place {
    let old: Int32
    let new: Int32
    let node: Int32
    let symbols: UInt32
  }

  /// Where a symbol leads, ends aside.
  @inline(__always)
  private func step(_ state: Int32, _ symbol: UInt8) -> Int32 {
    state < 0 ? state : text.openState(text.step(state, symbol))
  }

  /// The bytes that the lists take.
  var memory: Int { words.count * 4 + lists.count * MemoryLayout<List>.stride }
}
