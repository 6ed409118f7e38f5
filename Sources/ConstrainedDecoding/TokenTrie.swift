/// The tokens of a vocabulary that can be emitted, as a tree of their bytes in flat arrays.
struct TokenTrie: Sendable {
  /// The byte that leads to each node; the root is node 0.
  private(set) var byte: [UInt8] = [0]
  private(set) var firstChild: [Int32] = [-1]
  private(set) var sibling: [Int32] = [-1]
  /// Where the tokens that end at a node are in `tokens`, one more entry than nodes.
  private(set) var tokenStart: [Int32] = []
  private(set) var tokens: [Int32] = []
  private(set) var longest = 0

  init(_ vocabulary: TokenVocabulary) {
    var ends: [[Int32]] = [[]]
    let sorted = vocabulary.tokens.indices.compactMap { id in
      vocabulary.text(id).map { (id, $0) }
    }.sorted { $0.1.lexicographicallyPrecedes($1.1) || $0.1 == $1.1 && $0.0 < $1.0 }
    var path: [Int32] = [0]
    var last: [UInt8] = []
    for (id, text) in sorted {
      longest = Swift.max(longest, text.count)
      var common = 0
      while common < last.count, common < text.count, last[common] == text[common] { common += 1 }
      path.removeLast(path.count - 1 - common)
      for unit in text[common...] {
        let parent = Int(path[path.count - 1])
        byte.append(unit)
        sibling.append(firstChild[parent])
        firstChild[parent] = Int32(byte.count - 1)
        firstChild.append(-1)
        ends.append([])
        path.append(Int32(byte.count - 1))
      }
      ends[Int(path[path.count - 1])].append(Int32(id))
      last = text
    }
    tokenStart.reserveCapacity(ends.count + 1)
    for list in ends {
      tokenStart.append(Int32(tokens.count))
      tokens += list
    }
    tokenStart.append(Int32(tokens.count))
  }

  /// The ids of the tokens that end at a node.
  func tokens(at node: Int) -> ArraySlice<Int32> {
    tokens[Int(tokenStart[node])..<Int(tokenStart[node + 1])]
  }
}
