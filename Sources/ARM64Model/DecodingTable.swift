import MachineModel

/// Finds the row of a word.
///
/// The top eleven bits select a few candidates, which are compared by mask and value. Where they
/// are many (SIMD instructions differ in lower bits), six more bits divide them first.
struct DecodingTable: Sendable {
  struct Candidate: Sendable {
    let mask: UInt32
    let value: UInt32
    let index: UInt16
    /// Whether excluded values or twins have to be looked at as well.
    let isConditional: Bool
  }

  /// Where to go on: a run of candidates, or a node of 64 entries and where its six bits are.
  struct Entry: Sendable {
    var start: UInt32
    /// The number of candidates; or `node` plus the position of the six bits.
    var detail: UInt32

    static let node: UInt32 = 1 << 16
  }

  static let shift: UInt32 = 21

  private let top: PermanentArray<Entry>
  private let nodes: PermanentArray<Entry>
  private let candidates: PermanentArray<Candidate>

  /// - Parameter patterns: the fixed bits of each row.
  init(_ patterns: [FixedBits]) {
    let lists = DecodingLists(patterns)
    top = PermanentArray(lists.top)
    nodes = PermanentArray(lists.nodes)
    candidates = PermanentArray(lists.candidates)
  }

  /// The position of the row that `word` belongs to; `matches` looks at excluded values and twins
  /// of a row whose fixed bits fit.
  @inline(__always)
  func index(of word: UInt32, matches: (Int) -> Bool) -> Int? {
    var entry = top[Int(word >> DecodingTable.shift)]
    if entry.detail >= Entry.node {
      entry = nodes[Int(entry.start + word >> (entry.detail - Entry.node) & 63)]
    }
    for position in Int(entry.start)..<Int(entry.start + entry.detail) {
      let candidate = candidates[position]
      if word & candidate.mask == candidate.value {
        let index = Int(candidate.index)
        if !candidate.isConditional || matches(index) { return index }
      }
    }
    return nil
  }
}
