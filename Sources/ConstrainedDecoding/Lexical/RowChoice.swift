/// Which of some rows are kept, and in which words the others differ from one of those.
///
/// Rows are compared in some of their words. Those are kept that bring the others, as often as they are
/// asked for, nearest to a kept one: each in turn the one that brings most.
struct RowChoice {
  /// The rows that are kept, one after the other.
  private(set) var rows: [Int32] = []
  /// The rows that were added.
  private(set) var changed: [ChangedRow] = []

  private let words: Int
  /// All rows, and how often they are asked for.
  private var all: [Int32] = []
  private var visits: [Int] = []
  /// The words in which rows are compared.
  private let samples: [Int]

  /// The bytes of rows that are kept, and of those that there may be before.
  private static let (kept, most) = (9 << 19, 16 << 20)

  /// How many rows may be added.
  static func limit(words: Int) -> Int { Swift.min(768, 1 + most / Swift.max(4 * words, 1)) }

  var count: Int { visits.count }

  init(words: Int) {
    self.words = words
    let count = Swift.min(24, words)
    samples = (0..<count).map { $0 * words / count }
  }

  /// Adds a row that is changed from another one, or from zeros; tells what the change does.
  mutating func append(
    from source: Int?, visits: Int, _ change: (UnsafeMutableBufferPointer<Int32>) -> Int
  ) -> Int {
    let first = all.count
    all.append(contentsOf: repeatElement(0, count: words))
    self.visits.append(visits)
    return all.withUnsafeMutableBufferPointer { all in
      let row = UnsafeMutableBufferPointer(rebasing: all[first..<first + words])
      if let source {
        _ = row.update(fromContentsOf: all[source * words..<(source + 1) * words])
      }
      return change(row)
    }
  }

  /// Chooses the rows that are kept and tells all from them.
  mutating func choose() {
    let count = visits.count
    let distances = self.distances
    var nearest = [Int](repeating: 0, count: count)
    var near = [Int32](repeating: Int32(32 * samples.count), count: count)
    /// What a row brings at most, since it can only become less.
    var gains = [Int](repeating: Int.max, count: count)
    var kept: [Int] = []
    while kept.count < count, kept.isEmpty || (kept.count + 1) * words * 4 <= RowChoice.kept {
      let best = self.best(&gains, near, distances)
      if gains[best] == 0 { break }
      gains[best] = 0
      for row in 0..<count where distances[best * count + row] < near[row] {
        near[row] = distances[best * count + row]
        nearest[row] = kept.count
      }
      kept.append(best)
    }
    rows = kept.flatMap { all[$0 * words..<($0 + 1) * words] }
    for row in 0..<count {
      let one = Array(all[row * words..<(row + 1) * words])
      var told = one.withUnsafeBufferPointer { ChangedRow($0, base: nearest[row], of: rows) }
      if told.isWhole {
        // As large as a kept one, and so others are better told from it.
        told = ChangedRow(keeping: rows.count / words)
        rows += one
      }
      changed.append(told)
    }
    all = []
  }

  /// The row that brings most.
  private func best(_ gains: inout [Int], _ near: [Int32], _ distances: [Int32]) -> Int {
    let count = visits.count
    var isCurrent = [Bool](repeating: false, count: count)
    while true {
      var best = 0
      for row in 0..<count where gains[row] > gains[best] { best = row }
      if isCurrent[best] { return best }
      var gain = 0
      for row in 0..<count {
        let less = near[row] - distances[best * count + row]
        if less > 0 { gain += Int(less) * visits[row] }
      }
      gains[best] = gain
      isCurrent[best] = true
    }
  }

  /// By two rows: in how many bits of the sampled words they differ.
  private var distances: [Int32] {
    let count = visits.count
    let width = (samples.count + 1) / 2
    var pairs = [UInt64](repeating: 0, count: count * width)
    for row in 0..<count {
      for (index, sample) in samples.enumerated() {
        let word = UInt64(UInt32(bitPattern: all[row * words + sample]))
        pairs[row * width + index / 2] |= word << UInt64(32 * (index % 2))
      }
    }
    var result = [Int32](repeating: 0, count: count * count)
    pairs.withUnsafeBufferPointer { pairs in
      for left in 0..<count {
        for right in 0..<left {
          var distance = 0
          for word in 0..<width {
            let bits = pairs[left &* width &+ word] ^ pairs[right &* width &+ word]
            distance &+= bits.nonzeroBitCount
          }
          result[left * count + right] = Int32(truncatingIfNeeded: distance)
          result[right * count + left] = Int32(truncatingIfNeeded: distance)
        }
      }
    }
    return result
  }
}
