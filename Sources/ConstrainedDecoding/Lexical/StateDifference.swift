/// Half bytes, a bit each, in which two states of an automaton differ.
struct StateDifference {
  /// Those that lead on from one of them only.
  var one: UInt32 = 0
  /// Those that lead on from both, to different states.
  var both: UInt32 = 0

  /// The symbols below a node of the trie by which the tokens that both states accept can differ.
  ///
  /// Where both lead on, a text that ends there is accepted by both: only nodes with others below matter.
  @inline(__always)
  func symbols(below node: SymbolTrie.Node) -> UInt32 {
    node.symbols & (one | 1 << UInt32(Spelling.space)) | node.inner & both
  }
}

/// The differences of pairs of states that were asked for last: a walk of the trie comes to few pairs again and
/// again, and their rows of the table of steps are in no near cache.
struct KnownDifferences {
  private let steps: StateSteps
  private let known: UnsafeMutableBufferPointer<Entry>

  private struct Entry {
    var (old, new) = (CodeAutomaton.dead, CodeAutomaton.dead)
    var difference = StateDifference()
  }

  private static let count = 64

  /// Calls `body` with none known.
  @inline(__always)
  static func with<Result>(_ steps: StateSteps, _ body: (KnownDifferences) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Entry.self, capacity: count) { known in
      known.initialize(repeating: Entry())
      return body(KnownDifferences(steps: steps, known: known))
    }
  }

  @inline(__always)
  subscript(old: Int32, new: Int32) -> StateDifference {
    let place = Int(truncatingIfNeeded: old &* 5 &+ new) & (KnownDifferences.count - 1)
    if known[place].old == old, known[place].new == new { return known[place].difference }
    let difference = steps.difference(old, new)
    known[place] = Entry(old: old, new: new, difference: difference)
    return difference
  }
}
