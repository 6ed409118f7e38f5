import MachineModel

/// Where each cell of a register file is in the words of a native state.
package struct StateLayout: Sendable {
  /// `width` bits from `bit` of word `word`, going on in the words after it.
  package struct Place: Sendable {
    let word: Int
    let bit: UInt64
    let width: Int
    /// What the values that programs give the cell are multiples of, a power of two.
    let alignment: UInt64

    package init(word: Int, bit: Int = 0, width: Int = 64, alignment: UInt64 = 1) {
      precondition(bit == 0 || width < 64, "\(width) bits from bit \(bit) of a word")
      self.word = word
      self.bit = UInt64(bit)
      self.width = width
      self.alignment = alignment
    }

    /// The number of words.
    var wordCount: Int { (width + 63) / 64 }
    /// The bits of the first word, before they are moved to `bit`.
    var mask: UInt64 { width >= 64 ? .max : (1 << UInt64(width)) - 1 }
  }

  /// By `Cell.index`; nil for a cell that the machine's state does not have.
  let places: [Place?]
  /// Cells that the machine has, at zero when the code begins, and that nobody sees at its end.
  let hidden: Set<Int>
  /// The words of a state without vector registers.
  let generalWordCount: Int
  let vectorWordCount: Int

  /// - Parameters:
  ///   - general: the words before those of the vector registers, which a state has only if
  ///     asked for.
  package init(_ places: [Place?], hidden: Set<Int> = [], general: Int, vectors: Int = 0) {
    self.places = places
    self.hidden = hidden
    generalWordCount = general
    vectorWordCount = vectors
  }

  /// Whether a cell is in the words of the vector registers.
  func isVector(_ cell: Int) -> Bool { places[cell].map { $0.word >= generalWordCount } ?? false }

  /// The cell and its word that bit `bit` of a state's word `word` belongs to.
  func cell(word: Int, bit: Int) -> (cell: Int, word: Int)? {
    for (cell, place) in places.enumerated() {
      guard let place else { continue }
      let isInside =
        place.width < 64
        ? word == place.word && (Int(place.bit)..<Int(place.bit) + place.width).contains(bit)
        : (place.word..<place.word + place.wordCount).contains(word)
      if isInside { return (cell, word - place.word) }
    }
    return nil
  }
}
