/// Where each cell of a register file is in the words of a native state.
package struct StateLayout: Sendable {
  /// `width` bits from `bit` of word `word`, going on in the words after it.
  package struct Place: Sendable {
    let word: Int
    let bit: Int
    let width: Int

    package init(word: Int, bit: Int = 0, width: Int = 64) {
      precondition(bit == 0 || width < 64, "\(width) bits from bit \(bit) of a word")
      self.word = word
      self.bit = bit
      self.width = width
    }

    /// The number of words.
    var wordCount: Int { (width + 63) / 64 }
    /// The bits of the first word.
    var mask: UInt64 { width >= 64 ? .max : (1 << UInt64(width)) - 1 }
  }

  /// By `Cell.index`; nil for a cell that the machine's state does not have.
  let places: [Place?]
  /// The words of a state without vector registers.
  let generalWordCount: Int
  let vectorWordCount: Int
  /// The words of each cell.
  private let wordCounts: [Int]

  /// Cells without a place have at most 64 bits.
  ///
  /// - Parameter general: the words before those of the vector registers, which a state has only if
  ///   asked for.
  package init(_ places: [Place?], general: Int, vectors: Int = 0) {
    self.places = places
    wordCounts = places.map { $0?.wordCount ?? 1 }
    generalWordCount = general
    vectorWordCount = vectors
  }

  /// Whether a cell is in the words of the vector registers.
  func isVector(_ cell: Int) -> Bool { places[cell].map { $0.word >= generalWordCount } ?? false }

  /// The words of a state whose cells have the words `cells`, one cell after the other.
  func words(_ cells: ArraySlice<UInt64>, vectors: Bool) -> [UInt64] {
    var words = [UInt64](
      repeating: 0, count: generalWordCount + (vectors ? vectorWordCount : 0))
    var next = cells.startIndex
    for (place, count) in zip(places, wordCounts) {
      if let place, place.word + count <= words.count {
        for index in 0..<count {
          words[place.word + index] |= (cells[next + index] & place.mask) << UInt64(place.bit)
        }
      }
      next += count
    }
    return words
  }

  /// One word of a cell; nil for a cell that the outcome does not have.
  func word(_ index: Int, of cell: Int, in words: ArraySlice<UInt64>) -> UInt64? {
    guard let place = places[cell], place.word + index < words.count else { return nil }
    return words[words.startIndex + place.word + index] >> UInt64(place.bit) & place.mask
  }
}
