/// The rows of masks that are known when a constraint is compiled, and how others are made from them.
///
/// Rows are kept of some states; others are told from them (`ChangedRow`), those of visited states and of all
/// near to the start from the beginning. The row of any further state is that of a state near to it but for the
/// tokens in which the two differ (`TokenDifferences`). From which state a row is made makes no difference to
/// the result.
///
/// A value that never changes.
struct ChosenRows: Sendable {
  /// The rows that are kept, one after the other.
  let rows: [Int32]
  private let differences: TokenDifferences
  private var groups: StateGroups
  /// By state: its place in `changed`; -1 for none.
  private var numbers: [Int32]
  /// The rows of states that were chosen.
  private var changed: [ChangedRow]

  /// States so many symbols from the start are chosen whether they are visited or not: they are few, and
  /// differ far down in the trie. Of those one symbol further the ones that seem to differ from all chosen ones in
  /// `far` tokens.
  private static let (nearDepth, far) = (2, 128.0)

  init(_ text: TextAutomaton, _ trie: SymbolTrie, _ texts: TokenTexts, words: Int) {
    let differences = TokenDifferences(text, trie, words: words)
    var groups = StateGroups(text, texts)
    var numbers = [Int32](repeating: -1, count: text.stateCount)
    var choice = RowChoice(words: words)
    let limit = RowChoice.limit(words: words)
    let visited = VisitedStates(text, texts, count: limit)
    groups.choose(among: visited, limit: limit) { next in
      numbers[Int(next.state)] = Int32(choice.count)
      return choice.append(from: next.source.map { Int(numbers[Int($0)]) }, visits: next.visits) {
        differences.flip($0, from: next.source ?? CodeAutomaton.dead, to: next.state)
      }
    }
    choice.choose()
    (rows, changed, self.numbers) = (choice.rows, choice.changed, numbers)
    (self.differences, self.groups) = (differences, groups)
    addNearStates(text, words: words)
  }

  private mutating func addNearStates(_ text: TextAutomaton, words: Int) {
    var row = [Int32](repeating: 0, count: words)
    var front: Set<Int32> = [text.boundary]
    for depth in 1...ChosenRows.nearDepth + 1 {
      let targets = front.flatMap { state in
        (0...Spelling.space).map { text.step(state, $0) }
      }
      front = Set(targets.filter { $0 >= 0 }.map { text.openState($0) })
      for state in front.sorted() where numbers[Int(state)] < 0 {
        guard
          depth <= ChosenRows.nearDepth
            || groups.nearest(to: state).tokens >= ChosenRows.far
        else { continue }
        let made = row.withUnsafeMutableBufferPointer { make($0, of: state) }
        numbers[Int(state)] = Int32(changed.count)
        changed.append(made)
      }
    }
  }

  /// Writes the row of a state that was chosen; false, with nothing written, for others.
  @inline(__always)
  func write(_ row: UnsafeMutableBufferPointer<Int32>, of state: Int32) -> Bool {
    let number = numbers[Int(state)]
    guard number >= 0 else { return false }
    changed[Int(number)].write(to: row, rows)
    return true
  }

  /// Writes the row of any state, and tells it from a kept one.
  func make(_ row: UnsafeMutableBufferPointer<Int32>, of state: Int32) -> ChangedRow {
    let source = groups.nearest(to: state).state
    let near = changed[Int(numbers[Int(source)])]
    near.write(to: row, rows)
    differences.flip(row, from: source, to: state)
    return ChangedRow(UnsafeBufferPointer(row), base: near.base, of: rows)
  }

  /// The bytes that the tables and rows take.
  var memory: Int {
    (rows.count + numbers.count) * 4 + changed.reduce(0) { $0 + $1.memory }
      + differences.memory + groups.memory
  }
}
