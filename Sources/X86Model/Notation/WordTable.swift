/// Values by words, each found in a few steps.
struct WordTable<Value> {
  private var keys: [Word] = []
  private var values: [Value] = []
  /// By a word's digest, the next free one for the second of two: one more than its place in `keys`, or
  /// zero.
  private var slots = [UInt16](repeating: 0, count: 1 << 6)

  /// The value of a word; nil if it has none.
  subscript(word: Word) -> Value? {
    let place = slots[slot(of: word)]
    return place == 0 ? nil : values[Int(place) - 1]
  }

  /// Gives a value to a word that has none.
  mutating func add(_ word: Word, _ value: Value) {
    if keys.count * 2 >= slots.count { grow() }
    keys.append(word)
    values.append(value)
    slots[slot(of: word)] = UInt16(keys.count)
  }

  /// Where a word is, or where it would be.
  private func slot(of word: Word) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: word.digest) & mask
    while slots[slot] != 0, keys[Int(slots[slot]) - 1] != word { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [UInt16](repeating: 0, count: slots.count * 2)
    for (place, word) in keys.enumerated() { slots[slot(of: word)] = UInt16(place + 1) }
  }
}
