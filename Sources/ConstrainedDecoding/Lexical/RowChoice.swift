/// Which of some rows are kept, and in which tokens the others differ from one of those.
///
/// Rows are compared in some of their words. Those are kept that bring the others, as often as they are
/// asked for, nearest to a kept one: each in turn the one that brings most.
struct RowChoice {
  /// The rows that are kept, one after the other.
  private(set) var rows: [Int32] = []
  /// By row that was added: the number of a kept one and the tokens in which it differs from that; -1 and
  /// all of its words where those are many.
  private(set) var lists: [[Int32]] = []

  private let words: Int
  /// All rows, and how often they are asked for.
  private var all: [Int32] = []
  private var visits: [Int] = []
  /// The words in which rows are compared.
  private let samples: [Int]

  /// The bytes of rows that are kept, and of those that there may be before.
  private static let (kept, most) = (9 << 19, 16 << 20)

  /// To change more bits than these takes longer than to copy another row.
  static func longest(words: Int) -> Int { Swift.max(32, words / 2) }

  /// How many rows may be added.
  static func limit(words: Int) -> Int { Swift.min(768, 1 + most / Swift.max(4 * words, 1)) }

  var count: Int { visits.count }

  init(words: Int) {
    self.words = words
    let count = Swift.min(24, words)
    samples = (0..<count).map { $0 * words / count }
  }

  /// Adds a row that is changed from another one, or from zeros.
  mutating func append(
    from source: Int?, visits: Int, _ change: (UnsafeMutableBufferPointer<Int32>) -> Void
  ) {
    let first = all.count
    all.append(contentsOf: repeatElement(0, count: words))
    all.withUnsafeMutableBufferPointer { all in
      let row = UnsafeMutableBufferPointer(rebasing: all[first..<first + words])
      if let source {
        _ = row.update(fromContentsOf: all[source * words..<(source + 1) * words])
      }
      change(row)
    }
    self.visits.append(visits)
  }

  /// Chooses the rows that are kept and makes the lists.
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
    lists = (0..<count).map { row in
      let tokens = differences(row, kept[nearest[row]])
      return tokens.count > RowChoice.longest(words: words)
        ? [-1] + all[row * words..<(row + 1) * words] : [Int32(nearest[row])] + tokens
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
    let samples = (0..<count).flatMap { row in self.samples.map { all[row * words + $0] } }
    let width = self.samples.count
    var result = [Int32](repeating: 0, count: count * count)
    samples.withUnsafeBufferPointer { samples in
      for left in 0..<count {
        for right in 0..<left {
          var distance = 0
          for word in 0..<width {
            let bits = samples[left * width + word] ^ samples[right * width + word]
            distance &+= bits.nonzeroBitCount
          }
          result[left * count + right] = Int32(distance)
          result[right * count + left] = Int32(distance)
        }
      }
    }
    return result
  }

  /// The tokens in which two rows differ.
  private func differences(_ left: Int, _ right: Int) -> [Int32] {
    var result: [Int32] = []
    if left == right { return result }
    for word in 0..<words {
      var bits = UInt32(bitPattern: all[left * words + word] ^ all[right * words + word])
      while bits != 0 {
        result.append(Int32(word << 5 | bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
    return result
  }
}
