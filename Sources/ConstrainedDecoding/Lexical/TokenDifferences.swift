/// The tokens that one of two states of an automaton accepts and the other does not, ends aside.
///
/// The trie is walked from both states at once, but for the branches where both come to the same state. Where
/// one comes to the end of an instruction and the other to nothing, the tokens are those that go on from
/// between two instructions, which are listed for the nodes near to the root.
///
/// A value that never changes.
struct TokenDifferences: Sendable {
  private let text: TextAutomaton
  private let trie: SymbolTrie
  /// The state between two instructions.
  private let boundary: Int32
  /// By number of a node near to the root: where its tokens are in `lists`.
  private var places = [(first: Int32, end: Int32)](repeating: (0, 0), count: outer)
  /// Tokens at and below nodes that go on from between two instructions.
  private var lists: [Int32] = []

  /// The nodes of the first levels, if every one has as many below as there can be; those that have
  /// some with lists below, and all with lists.
  private static let inner = 1 + SymbolTrie.arity * (1 + SymbolTrie.arity)
  private static let outer = inner + SymbolTrie.arity * SymbolTrie.arity * SymbolTrie.arity

  init(_ text: TextAutomaton, _ trie: SymbolTrie) {
    self.text = text
    self.trie = trie
    boundary = text.boundary
    listTokens(below: 0, number: 0)
  }

  private mutating func listTokens(below node: Int, number: Int32) {
    var child = Int(trie.nodes[node].firstChild)
    for symbol in UInt8(0)...Spelling.space where trie.nodes[node].symbols >> symbol & 1 == 1 {
      let number = TokenDifferences.number(below: number, symbol)
      let first = Int32(lists.count)
      lists += trie.tokens(at: child)
      trie.walk(
        from: boundary, top: child,
        step: { state, symbol in
          let reached = step(state, symbol)
          return reached < 0 ? nil : reached
        }, visit: { node, _ in lists += trie.tokens(at: node) })
      places[Int(number)] = (first, Int32(lists.count))
      if number < TokenDifferences.inner { listTokens(below: child, number: number) }
      child += 1
    }
  }

  /// The number of a node below one with `above`; -1 if it is not near to the root.
  @inline(__always)
  private static func number(below above: Int32, _ symbol: UInt8) -> Int32 {
    above < 0 || above >= inner ? -1 : above * Int32(SymbolTrie.arity) + Int32(symbol) + 1
  }

  /// Calls `body` with every token that one state accepts and the other does not; `dead` accepts none.
  @inline(__always)
  func visit(from old: Int32, to new: Int32, _ body: (Int32) -> Void) {
    trie.nodes.withUnsafeBufferPointer { nodes in
      withUnsafeTemporaryAllocation(
        of: Place.self, capacity: (trie.longest + 1) * SymbolTrie.arity
      ) { open in
        open[0] = Place(old: old, new: new, node: 0, number: 0)
        var count = 1
        while count > 0 {
          count -= 1
          let above = open[count]
          var symbols = nodes[Int(above.node)].symbols
          var node = Int(nodes[Int(above.node)].firstChild) - 1
          while symbols != 0 {
            let symbol = UInt8(truncatingIfNeeded: symbols.trailingZeroBitCount)
            symbols &= symbols - 1
            node += 1
            let (old, new) = (step(above.old, symbol), step(above.new, symbol))
            if old == new { continue }
            let number = TokenDifferences.number(below: above.number, symbol)
            if Swift.min(old, new) < 0 {
              if number >= 0, Swift.max(old, new) == boundary {
                let place = places[Int(number)]
                for index in Int(place.first)..<Int(place.end) { body(lists[index]) }
                continue
              }
              let tokens = Int(nodes[node].firstToken)..<Int(nodes[node + 1].firstToken)
              for index in tokens { body(trie.tokens[index]) }
            }
            if nodes[node].symbols == 0 { continue }
            open[count] = Place(old: old, new: new, node: Int32(node), number: number)
            count += 1
          }
        }
      }
    }
  }

  /// Where both states led to at a node, and its number.
  private struct Place {
    let old: Int32
    let new: Int32
    let node: Int32
    let number: Int32
  }

  /// Where a symbol leads, ends aside.
  @inline(__always)
  private func step(_ state: Int32, _ symbol: UInt8) -> Int32 {
    state < 0 ? state : text.openState(text.step(state, symbol))
  }

  /// The bytes that the lists take.
  var memory: Int { (lists.count + places.count * 2) * 4 }
}
