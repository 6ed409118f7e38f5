/// A set of positions in an arena that is emptied at the cost of what is in it.
struct TermMarks {
  /// A bit for each position.
  private var words: ContiguousArray<UInt64> = []

  /// Makes room for positions below `count`.
  mutating func reserve(_ count: Int) {
    let missing = (count + 63) / 64 - words.count
    if missing > 0 {
      words.append(contentsOf: repeatElement(0, count: Swift.max(missing, words.count)))
    }
  }

  /// Adds `roots` and what they consist of, by `nodes`, and lists them in no order; there has to be room.
  mutating func reach(
    _ roots: [Term], _ nodes: ContiguousArray<TermManager.Node>,
    _ found: inout ContiguousArray<UInt32>
  ) {
    words.withUnsafeMutableBufferPointer { words in
      for root in roots { TermMarks.insert(root.index, words, &found) }
      var next = 0
      while next < found.count {
        let node = nodes[Int(found[next])]
        let arity = node.operation.arity
        if arity > 0 { TermMarks.insert(node.first, words, &found) }
        if arity > 1 { TermMarks.insert(node.second, words, &found) }
        if arity > 2 { TermMarks.insert(node.third, words, &found) }
        next += 1
      }
    }
  }

  /// Adds a position to the set and the list unless it is in the set.
  private static func insert(
    _ position: UInt32, _ words: UnsafeMutableBufferPointer<UInt64>,
    _ found: inout ContiguousArray<UInt32>
  ) {
    let (index, bit) = (Int(position) >> 6, 1 as UInt64 &<< UInt64(position & 63))
    precondition(index < words.count, "position \(position) of \(words.count) words")
    if words[index] & bit != 0 { return }
    words[index] |= bit
    found.append(position)
  }

  mutating func remove(_ position: Int) {
    words[position >> 6] &= ~(1 &<< UInt64(position & 63))
  }

  /// Empties the set, whose positions are at most `last`, and calls `body` with each of them in order.
  mutating func drain(through last: Int, _ body: (Int) -> Void) {
    for index in 0...last >> 6 where words[index] != 0 {
      var rest = words[index]
      words[index] = 0
      while rest != 0 {
        body(index << 6 | rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}
