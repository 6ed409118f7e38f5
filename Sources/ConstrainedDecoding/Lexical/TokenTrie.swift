/// The texts of a vocabulary's tokens as a tree in flat arrays, each node before those below it.
struct TokenTrie: Sendable {
  /// By node, the root 0: the unit that leads to it, how deep it is, and the node after those below it.
  private(set) var unit: [UInt8] = [0]
  private(set) var depth: [Int32] = [0]
  private(set) var end: [Int32] = [0]
  /// By node: where the tokens that end there begin in `tokens`; one entry more than nodes.
  private(set) var tokenStart: [Int32] = []
  private(set) var tokens: [Int32] = []
  /// The most units of a token.
  let longest: Int

  /// Tokens without text are not in it.
  init(_ texts: TokenTexts) {
    longest = texts.longest
    var path: [Int32] = [0]
    var last: ArraySlice<UInt8> = []
    tokenStart = [0]
    for id in TokenTrie.sorted(texts) {
      let text = texts[Int(id)]
      var common = 0
      for (left, right) in zip(last, text) {
        guard left == right else { break }
        common += 1
      }
      while path.count > common + 1 { close(path.removeLast()) }
      for unit in text.dropFirst(common) {
        path.append(Int32(self.unit.count))
        self.unit.append(unit)
        depth.append(Int32(path.count - 1))
        end.append(0)
        tokenStart.append(Int32(tokens.count))
      }
      tokens.append(id)
      last = text
    }
    for node in path.reversed() { close(node) }
    tokenStart.append(Int32(tokens.count))
  }

  /// The tokens with text in the order of their texts.
  private static func sorted(_ texts: TokenTexts) -> [Int32] {
    let tokens = (0..<texts.count).filter { !texts[$0].isEmpty }
    return tokens.map { (prefix: texts.prefix($0), id: Int32($0)) }.sorted { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      let (one, other) = (texts[Int(left.id)], texts[Int(right.id)])
      if one.lexicographicallyPrecedes(other) { return true }
      return one.count == other.count && left.id < right.id && one == other
    }.map(\.id)
  }

  private mutating func close(_ node: Int32) { end[Int(node)] = Int32(unit.count) }

  var nodeCount: Int { unit.count }

  /// The ids of the tokens that end at a node.
  func tokens(at node: Int) -> ArraySlice<Int32> {
    tokens[Int(tokenStart[node])..<Int(tokenStart[node + 1])]
  }

  /// The units that are tokens by themselves.
  var singleUnits: Set<UInt8> {
    var result: Set<UInt8> = []
    var node = 1
    while node < nodeCount {
      if !tokens(at: node).isEmpty { result.insert(unit[node]) }
      node = Int(end[node])
    }
    return result
  }

  /// Calls `visit` for every node where tokens end and that can be reached, with where its text leads.
  ///
  /// - Parameter step: where a unit leads; nil if nowhere.
  @inline(__always)
  func walk<Place>(
    from start: Place, step: (Place, UInt8) -> Place?, visit: (Int, Place) -> Void
  ) {
    var path = [start]
    var node = 1
    while node < nodeCount {
      path.removeLast(path.count - Int(depth[node]))
      guard let reached = step(path[path.count - 1], unit[node]) else {
        node = Int(end[node])
        continue
      }
      if tokenStart[node] < tokenStart[node + 1] { visit(node, reached) }
      path.append(reached)
      node += 1
    }
  }

  /// The bytes that the tree takes.
  var memory: Int { nodeCount * 13 + tokens.count * 4 }
}
