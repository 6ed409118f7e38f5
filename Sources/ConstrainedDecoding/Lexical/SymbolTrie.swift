/// The texts of tokens in symbols as a tree in flat arrays: the nodes below one lie side by side, and those of the
/// first levels, which most walks come to, before all others.
///
/// A value that never changes.
struct SymbolTrie: Sendable {
  struct Node {
    /// The symbols that lead to nodes, a bit each; those are in the order of the symbols.
    fileprivate(set) var symbols: UInt32 = 0
    /// Those of them that lead to nodes with others below.
    fileprivate(set) var inner: UInt32 = 0
    fileprivate(set) var firstChild: Int32 = 0
    /// Where the tokens that end here begin; they go up to those of the next node.
    fileprivate(set) var firstToken: Int32 = 0

    /// The place of the node that a symbol leads to.
    @inline(__always)
    func child(_ symbol: UInt32) -> Int {
      let below = 1 << symbol &- 1 as UInt32
      // Near to the root all are there.
      if symbols & below == below { return Int(firstChild &+ Int32(symbol)) }
      return Int(firstChild) &+ (symbols & below).nonzeroBitCount
    }
  }

  /// The root first; one more than there are nodes.
  private(set) var nodes = [Node()]
  private(set) var tokens: [Int32] = []
  /// The most symbols of a token.
  let longest: Int
  /// Nodes from this one on are below the first levels.
  private(set) var firstDeep = 0

  /// As many nodes can be below one: half bytes and the space.
  static let arity = Int(Spelling.space) + 1

  /// So many levels come first, one after the other.
  private static let firstLevels = 5

  init(_ texts: TokenTexts) {
    let trie = TokenTrie(texts)
    longest = trie.longest
    // By node: its number in `trie`.
    var sources: [Int32] = [0]
    var front: [Int32] = [0]
    for _ in 1..<SymbolTrie.firstLevels {
      front = front.flatMap { addNodes(below: Int($0), &sources, trie) }
    }
    firstDeep = nodes.count
    for top in front {
      var open = [top]
      while let node = open.popLast() { open += addNodes(below: Int(node), &sources, trie) }
    }
    for (node, source) in sources.enumerated() {
      nodes[node].firstToken = Int32(tokens.count)
      for token in trie.tokens(at: Int(source)) { tokens.append(token) }
    }
    nodes.append(Node(firstToken: Int32(tokens.count)))
  }

  /// Adds the nodes below one, and tells which of them have others below.
  private mutating func addNodes(
    below node: Int, _ sources: inout [Int32], _ trie: TokenTrie
  ) -> [Int32] {
    var inner: [Int32] = []
    let source = Int(sources[node])
    nodes[node].firstChild = Int32(nodes.count)
    var child = source + 1
    while child < trie.end[source] {
      let symbol = 1 << UInt32(trie.unit[child]) as UInt32
      nodes[node].symbols |= symbol
      if trie.end[child] > child + 1 {
        nodes[node].inner |= symbol
        inner.append(Int32(nodes.count))
      }
      nodes.append(Node())
      sources.append(Int32(child))
      child = Int(trie.end[child])
    }
    return inner
  }

  /// The ids of the tokens that end at a node.
  func tokens(at node: Int) -> ArraySlice<Int32> { tokens[tokenPlaces(at: node)] }

  /// Where those are in `tokens`.
  @inline(__always)
  func tokenPlaces(at node: Int) -> Range<Int> {
    Int(nodes[node].firstToken)..<Int(nodes[node + 1].firstToken)
  }

  /// Calls `visit` for every node where tokens end and that can be reached, with where its text leads.
  ///
  /// - Parameters:
  ///   - top: the node to begin at, which is not visited.
  ///   - step: where a symbol leads; nil if nowhere.
  @inline(__always)
  func walk<Place>(
    from start: Place, top: Int = 0, step: (Place, UInt8) -> Place?, visit: (Int, Place) -> Void
  ) {
    var open = [(node: top, place: start)]
    while let (node, place) = open.popLast() {
      var symbols = nodes[node].symbols
      var child = Int(nodes[node].firstChild)
      while symbols != 0 {
        let symbol = UInt8(truncatingIfNeeded: symbols.trailingZeroBitCount)
        symbols &= symbols - 1
        if let reached = step(place, symbol) {
          if !tokenPlaces(at: child).isEmpty { visit(child, reached) }
          if nodes[child].symbols != 0 { open.append((child, reached)) }
        }
        child += 1
      }
    }
  }

  /// The bytes that the tree takes.
  var memory: Int { nodes.count * MemoryLayout<Node>.stride + tokens.count * 4 }
}
