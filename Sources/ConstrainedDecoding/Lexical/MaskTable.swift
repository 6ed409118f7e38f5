import Synchronization

/// The masks of an automaton's states without budgets and ends.
///
/// Rows are chosen when a constraint is compiled (`ChosenRows`). The row of any other state is made from them
/// when it is first asked for, and kept while there is room.
final class MaskTable: Sendable {
  private let text: TextAutomaton
  private let chosen: ChosenRows
  private let made: Mutex<MadeRows>

  /// What is kept of rows that are made later takes at most so many bytes.
  private static let madeMemory = 2 << 20

  init(_ text: TextAutomaton, _ trie: SymbolTrie, _ texts: TokenTexts, words: Int) {
    self.text = text
    chosen = ChosenRows(text, trie, texts, words: words)
    made = Mutex(MadeRows(states: text.stateCount, memory: MaskTable.madeMemory))
  }

  /// Writes the row of a state, of as many words as the table was made for.
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, of state: Int32) {
    let state = text.openState(state)
    if chosen.write(row, of: state) { return }
    if let known = made.withLock({ $0[state] }) { return known.write(to: row, chosen.rows) }
    let changed = chosen.make(row, of: state)
    made.withLock { $0.keep(changed, of: state) }
  }

  /// The bytes that the tables and rows take.
  var memory: Int { chosen.memory + made.withLock { $0.memory } }
}

/// Rows by state, of which all are forgotten when they take too much memory.
private struct MadeRows {
  /// By state: the place of its row; -1 where there is none.
  private var places: [Int32]
  private var rows: [ChangedRow] = []
  private var bytes = 0
  private let limit: Int

  init(states: Int, memory: Int) {
    places = [Int32](repeating: -1, count: states)
    limit = memory
  }

  subscript(state: Int32) -> ChangedRow? {
    let place = places[Int(state)]
    return place < 0 ? nil : rows[Int(place)]
  }

  mutating func keep(_ row: ChangedRow, of state: Int32) {
    // Another thread may have made it as well.
    guard places[Int(state)] < 0, row.memory < limit else { return }
    if bytes + row.memory > limit {
      for place in places.indices { places[place] = -1 }
      rows = []
      bytes = 0
    }
    places[Int(state)] = Int32(rows.count)
    rows.append(row)
    bytes += row.memory
  }

  var memory: Int { places.count * 4 + bytes + rows.capacity * MemoryLayout<ChangedRow>.stride }
}
