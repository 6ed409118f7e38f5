/// A set of positions in an arena that is emptied in constant time.
struct TermMarks {
  private var epochs: ContiguousArray<UInt32> = []
  private var epoch: UInt32 = 0

  /// Empties the set and makes room for positions below `count`.
  mutating func begin(count: Int) {
    if epochs.count < count {
      epochs.append(contentsOf: repeatElement(0, count: Swift.max(count, epochs.count)))
    }
    if epoch == .max {
      for index in epochs.indices { epochs[index] = 0 }
      epoch = 0
    }
    epoch += 1
  }

  /// Adds a position; false if it was in the set.
  mutating func insert(_ position: Int) -> Bool {
    if epochs[position] == epoch { return false }
    epochs[position] = epoch
    return true
  }

  func contains(_ position: Int) -> Bool { epochs[position] == epoch }
}
