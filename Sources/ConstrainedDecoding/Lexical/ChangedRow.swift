/// A row of a mask as a kept one and the words in which it differs; all of its words where those are many.
struct ChangedRow: Sendable {
  /// The number of the kept row, of which this one is told.
  let base: Int
  /// The places of words and the bits to change in them, in turn; or the whole row.
  private let words: [UInt32]
  let isWhole: Bool

  /// To change more words than one of so many takes longer than to copy another row.
  private static let share = 4

  /// A row that is kept.
  init(keeping number: Int) { (base, words, isWhole) = (number, [], false) }

  /// - Parameters:
  ///   - rows: the kept rows, one after the other, each as long as `row`.
  init(_ row: UnsafeBufferPointer<Int32>, base: Int, of rows: [Int32]) {
    self.base = base
    let limit = Swift.max(8, row.count / ChangedRow.share)
    var isWhole = false
    words = rows.withUnsafeBufferPointer { rows in
      let kept = UnsafeBufferPointer(rebasing: rows[base * row.count..<(base + 1) * row.count])
      let count = row.indices.reduce(0) { $0 + (row[$1] == kept[$1] ? 0 : 1) }
      isWhole = count > limit
      if isWhole { return row.map { UInt32(bitPattern: $0) } }
      var words: [UInt32] = []
      words.reserveCapacity(2 * count)
      for place in row.indices where row[place] != kept[place] {
        words.append(UInt32(place))
        words.append(UInt32(bitPattern: row[place] ^ kept[place]))
      }
      return words
    }
    self.isWhole = isWhole
  }

  /// Writes the row.
  func write(to row: UnsafeMutableBufferPointer<Int32>, _ rows: [Int32]) {
    words.withUnsafeBufferPointer { words in
      if isWhole {
        words.withMemoryRebound(to: Int32.self) { _ = row.update(fromContentsOf: $0) }
        return
      }
      rows.withUnsafeBufferPointer {
        _ = row.update(fromContentsOf: $0[base * row.count..<(base + 1) * row.count])
      }
      var index = 0
      while index < words.count {
        row[Int(words[index])] ^= Int32(bitPattern: words[index + 1])
        index += 2
      }
    }
  }

  /// The bytes that it takes.
  var memory: Int { words.capacity * 4 + 64 }
}
