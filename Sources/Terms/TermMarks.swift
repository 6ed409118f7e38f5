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

  /// Adds a position; false if it was in the set.
  mutating func insert(_ position: Int) -> Bool {
    let bit: UInt64 = 1 &<< UInt64(position & 63)
    if words[position >> 6] & bit != 0 { return false }
    words[position >> 6] |= bit
    return true
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
