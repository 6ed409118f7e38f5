/// Every position that the tokens of a vocabulary reach, and from which of them the code can be
/// completed: for vocabularies that cannot spell every text.
struct TokenGraph: Sendable {
  /// More positions than these are refused.
  static let limit = 60_000

  /// The fewest tokens that complete the code, by position without the count of tokens.
  private(set) var distance: [Position: Int32] = [:]
  private let countsBytes: Bool
  private let countsInstructions: Bool

  /// - Throws: `DecoderError` if there are too many positions, or the start cannot be completed.
  init(_ walker: Walker, _ trie: TokenTrie, _ start: Position) throws(DecoderError) {
    countsBytes = walker.maximumBytes < Walker.unlimited
    countsInstructions = walker.maximumInstructions < Walker.unlimited
    var sources: [Position: [Position]] = [:]
    var seen: Set<Position> = [start]
    var open = [start]
    while let position = open.popLast() {
      var targets: Set<Position> = []
      trie.walk(walker, from: position) { _, reached in
        if walker.canEnd(reached) { targets.insert(key(reached)) }
      }
      for target in targets {
        sources[target, default: []].append(position)
        if seen.insert(target).inserted { open.append(target) }
      }
      guard seen.count <= TokenGraph.limit else {
        throw DecoderError(
          "the vocabulary cannot spell every byte and reaches more than \(TokenGraph.limit) "
            + "positions: whether each can be completed was not decided")
      }
    }
    measure(seen.filter { walker.isComplete($0) }, sources)
    if distance[start] == nil {
      throw DecoderError("no code of the constraint can be completed with this vocabulary")
    }
  }

  /// Breadth first from the ends.
  private mutating func measure(_ ends: some Sequence<Position>, _ sources: [Position: [Position]])
  {
    var front = Array(ends)
    for end in front { distance[end] = 0 }
    var count: Int32 = 0
    while !front.isEmpty {
      count += 1
      var next: [Position] = []
      for target in front {
        for source in sources[target] ?? [] where distance[source] == nil {
          distance[source] = count
          next.append(source)
        }
      }
      front = next
    }
  }

  /// What of a position the future depends on: no counts that have no budget.
  func key(_ position: Position) -> Position {
    var result = position
    result.tokens = 0
    if !countsBytes { result.bytes = Swift.min(position.bytes, 1) }
    if !countsInstructions { result.instructions = 0 }
    return result
  }

  /// The fewest tokens that complete the code; nil if none do.
  func tokens(from position: Position) -> Int? { distance[key(position)].map { Int($0) } }
}

extension TokenTrie {
  /// Calls `body` for every node where tokens end and that can be reached from a position, with where
  /// its text leads.
  @inline(__always)
  func walk(_ walker: Walker, from start: Position, _ body: (Int, Position) -> Void) {
    var stack: [(node: Int32, position: Position)] = []
    var child = firstChild[0]
    while child >= 0 {
      stack.append((child, start))
      child = sibling[Int(child)]
    }
    while let (number, position) = stack.popLast() {
      let node = Int(number)
      guard let reached = walker.step(position, byte[node]) else { continue }
      if tokenStart[node] < tokenStart[node + 1] { body(node, reached) }
      var child = firstChild[node]
      while child >= 0 {
        stack.append((child, reached))
        child = sibling[Int(child)]
      }
    }
  }
}
