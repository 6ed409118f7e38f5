/// The words of all lanes at once, for those who move many values in and out.
///
/// A live bit-vector has a column for each of its words, the least significant first: `lanes` words,
/// one for each lane.
extension Evaluator {
  /// Where the first column of a live bit-vector begins.
  package func column(of term: Term) -> Int {
    let slot = place(term).slot
    precondition(slot >= 0, "term \(term.position) is an array")
    return slot
  }

  /// The number of words in all columns.
  package var columnWords: Int { words.count }

  /// Lets `body` read the columns.
  @inlinable
  package func withWords<Result>(_ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
    words.withUnsafeBufferPointer(body)
  }

  /// Lets `body` change the columns of variables; bits above their widths must stay zero.
  @inlinable
  package mutating func withMutableWords<Result>(
    _ body: (UnsafeMutableBufferPointer<UInt64>) -> Result
  ) -> Result {
    words.withUnsafeMutableBufferPointer { body($0) }
  }
}
