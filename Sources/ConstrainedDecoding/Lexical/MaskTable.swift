import Synchronization

/// The masks of an automaton's states without budgets and ends.
///
/// Rows are kept of some states. The row of any other is one of them but for some tokens, those in which the
/// two states differ (`TokenDifferences`). They are listed for some states from the start, and for the others
/// when their row is first asked for, from a state near to it; such lists are kept while there is room. From
/// which state a list is made makes no difference to the result.
final class MaskTable: Sendable {
  private let text: TextAutomaton
  private let words: Int
  private let differences: TokenDifferences
  private let groups: StateGroups
  /// The rows that are kept, one after the other.
  private let rows: [Int32]
  /// By state: its place in `chosen`; -1 for none.
  private let numbers: [Int32]
  /// For states that were chosen: the number of a row and tokens in which theirs differs from it, of
  /// which those named twice do not; or -1 and all of their row.
  private let chosen: [[Int32]]
  private let made: Mutex<ChangeLists>

  /// Lists that are made later take at most so many bytes.
  private static let listMemory = 3 << 20

  init(_ text: TextAutomaton, _ trie: SymbolTrie, _ texts: TokenTexts, words: Int) {
    self.text = text
    self.words = words
    let differences = TokenDifferences(text, trie)
    var groups = StateGroups(text, texts)
    var numbers = [Int32](repeating: -1, count: text.stateCount)
    var choice = RowChoice(words: words)
    groups.choose(among: VisitedStates(text, texts), limit: RowChoice.limit(words: words)) { next in
      numbers[Int(next.state)] = Int32(choice.count)
      var tokens = 0
      choice.append(from: next.source.map { Int(numbers[Int($0)]) }, visits: next.visits) { row in
        differences.visit(from: next.source ?? CodeAutomaton.dead, to: next.state) { token in
          MaskTable.flip(row, token)
          tokens += 1
        }
      }
      return tokens
    }
    choice.choose()
    (rows, chosen, self.numbers) = (choice.rows, choice.lists, numbers)
    (self.differences, self.groups) = (differences, groups)
    made = Mutex(ChangeLists(states: text.stateCount, memory: MaskTable.listMemory))
  }

  // MARK: Rows

  /// Writes the row of a state, of `words` words.
  func fill(_ row: UnsafeMutableBufferPointer<Int32>, of state: Int32) {
    let state = text.openState(state)
    let number = numbers[Int(state)]
    if number >= 0 { return write(chosen[Int(number)], to: row) }
    write(made.withLock { $0[state] } ?? list(of: state), to: row)
  }

  /// Writes the row that a list stands for.
  private func write(_ list: [Int32], to row: UnsafeMutableBufferPointer<Int32>) {
    if list[0] < 0 {
      list.withUnsafeBufferPointer { _ = row.update(fromContentsOf: $0.dropFirst()) }
      return
    }
    let first = Int(list[0]) * words
    rows.withUnsafeBufferPointer { _ = row.update(fromContentsOf: $0[first..<first + words]) }
    list.withUnsafeBufferPointer { list in
      for place in 1..<list.count { MaskTable.flip(row, list[place]) }
    }
  }

  @inline(__always)
  private static func flip(_ row: UnsafeMutableBufferPointer<Int32>, _ token: Int32) {
    row[Int(token >> 5)] ^= 1 << (token & 31)
  }

  /// Makes the list of a state.
  private func list(of state: Int32) -> [Int32] {
    let source = groups.nearest(to: state)
    var list = chosen[Int(numbers[Int(source)])]
    if list[0] >= 0 { differences.visit(from: source, to: state) { list.append($0) } }
    if list[0] < 0 || list.count > RowChoice.longest(words: words) {
      let known = list[0] < 0 ? nil : list
      list = [Int32](unsafeUninitializedCapacity: words + 1) { buffer, count in
        buffer[0] = -1
        let row = UnsafeMutableBufferPointer(rebasing: buffer[1...])
        write(known ?? chosen[Int(numbers[Int(source)])], to: row)
        if known == nil {
          differences.visit(from: source, to: state) { MaskTable.flip(row, $0) }
        }
        count = words + 1
      }
    }
    made.withLock { $0.keep(list, of: state) }
    return list
  }

  /// The bytes that the tables and lists take.
  var memory: Int {
    (rows.count + numbers.count) * 4 + chosen.reduce(0) { $0 + $1.count * 4 + 40 }
      + differences.memory + groups.memory + made.withLock { $0.memory }
  }
}

/// Lists by state, of which all are forgotten when they take too much memory.
private struct ChangeLists {
  /// By state: the place of its list; -1 where there is none.
  private var places: [Int32]
  private var lists: [[Int32]] = []
  private var elements = 0
  private let limit: Int

  init(states: Int, memory: Int) {
    places = [Int32](repeating: -1, count: states)
    limit = memory / 4
  }

  subscript(state: Int32) -> [Int32]? {
    let place = places[Int(state)]
    return place < 0 ? nil : lists[Int(place)]
  }

  mutating func keep(_ list: [Int32], of state: Int32) {
    // Another thread may have made it as well.
    guard places[Int(state)] < 0, list.count < limit else { return }
    if elements + list.count > limit {
      for place in places.indices { places[place] = -1 }
      lists = []
      elements = 0
    }
    places[Int(state)] = Int32(lists.count)
    lists.append(list)
    elements += list.capacity + 8
  }

  var memory: Int { (places.count + elements) * 4 + lists.capacity * 8 }
}
