/// Finds the row of a word: the top eleven bits select a few candidates, which are compared by
/// mask and value.
struct DecodingTable: Sendable {
  private struct Candidate: Sendable {
    let mask: UInt32
    let value: UInt32
    let index: Int32
    /// Whether excluded values or twins have to be looked at as well.
    let isConditional: Bool
  }

  private static let shift: UInt32 = 21

  /// Where the candidates of each value of the top bits start; one more at the end.
  private let starts: [Int32]
  private let candidates: [Candidate]
  private let diagrams: [BitDiagram]

  init(_ diagrams: [BitDiagram]) {
    var lists = [[Candidate]](repeating: [], count: 1 << (32 - Int(DecodingTable.shift)))
    for (index, diagram) in diagrams.enumerated() {
      let candidate = Candidate(
        mask: diagram.mask, value: diagram.value, index: Int32(index),
        isConditional: !diagram.exclusions.isEmpty || !diagram.twins.isEmpty)
      let top = diagram.mask >> DecodingTable.shift
      let free = ~top & UInt32(lists.count - 1)
      // All subsets of the free bits, from all of them down to none.
      var subset = free
      while true {
        lists[Int(diagram.value >> DecodingTable.shift | subset)].append(candidate)
        if subset == 0 { break }
        subset = (subset - 1) & free
      }
    }
    var starts: [Int32] = [0]
    for list in lists { starts.append(starts[starts.count - 1] + Int32(list.count)) }
    self.starts = starts
    candidates = Array(lists.joined())
    self.diagrams = diagrams
  }

  /// The position of the row that `word` belongs to.
  func index(of word: UInt32) -> Int? {
    let bucket = Int(word >> DecodingTable.shift)
    for position in Int(starts[bucket])..<Int(starts[bucket + 1]) {
      let candidate = candidates[position]
      if word & candidate.mask == candidate.value {
        let index = Int(candidate.index)
        if !candidate.isConditional || diagrams[index].matches(word) { return index }
      }
    }
    return nil
  }
}
