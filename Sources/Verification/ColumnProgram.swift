import Terms

/// Words of a lane that go from one set of columns to another.
struct ColumnPassage {
  let from: Int
  let to: Int
  let words: Int

  /// Copies the words of all lanes.
  func copy(
    from source: UnsafeBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>,
    lanes: Int
  ) {
    let from = UnsafeBufferPointer(rebasing: source[from..<from + words * lanes])
    _ = UnsafeMutableBufferPointer(rebasing: target[to..<to + words * lanes])
      .update(fromContentsOf: from)
  }
}

/// Terms over a state, evaluated for all lanes from its columns.
struct ColumnProgram {
  private var evaluator: Evaluator
  private let inputs: [ColumnPassage]

  init(_ roots: [Term], over start: LaneVariables) {
    evaluator = Evaluator(start.terms, roots: roots, lanes: start.lanes)
    inputs = start.passages(to: evaluator)
  }

  var variables: [Term] { evaluator.variables }
  /// The words that it keeps.
  var size: Int { evaluator.columnWords }

  func column(of term: Term) -> Int { evaluator.column(of: term) }

  /// Gives a word of a variable that is not of the state.
  mutating func set(_ place: Int, _ value: UInt64) {
    evaluator.withMutableWords { $0[place] = value }
  }

  /// Evaluates it for states in `words`.
  mutating func run(_ words: [UInt64]) {
    let (inputs, lanes) = (inputs, evaluator.lanes)
    evaluator.withMutableWords { columns in
      words.withUnsafeBufferPointer { words in
        for passage in inputs { passage.copy(from: words, to: columns, lanes: lanes) }
      }
    }
    evaluator.run()
  }

  /// Lets `body` read the columns.
  func withColumns(_ body: (UnsafeBufferPointer<UInt64>) -> Void) { evaluator.withWords(body) }

  /// Copies results to the columns of a state.
  func copy(_ outputs: [ColumnPassage], to words: inout [UInt64]) {
    let lanes = evaluator.lanes
    evaluator.withWords { columns in
      words.withUnsafeMutableBufferPointer { words in
        for passage in outputs { passage.copy(from: columns, to: words, lanes: lanes) }
      }
    }
  }
}
