import Terms

/// A set of terms that is emptied in no time, for traversals of a few terms each.
struct SeenTerms {
  /// By term: the traversal that came to it last.
  private var traversals: ContiguousArray<UInt32> = []
  private var traversal: UInt32 = 1

  /// Adds a term; false if it is there already.
  mutating func insert(_ term: Term) -> Bool {
    let index = term.position
    if index >= traversals.count {
      let missing = index + 1 + index / 2 - traversals.count
      traversals.append(contentsOf: repeatElement(0, count: missing))
    }
    if traversals[index] == traversal { return false }
    traversals[index] = traversal
    return true
  }

  mutating func removeAll() {
    traversal &+= 1
    if traversal == 0 { self = SeenTerms() }
  }
}
