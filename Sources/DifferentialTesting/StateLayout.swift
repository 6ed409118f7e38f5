/// Where each cell of a register file is in the words of a native state.
package struct StateLayout: Sendable {
  /// `width` bits from `bit` of word `word`.
  package struct Place: Sendable {
    let word: Int
    let bit: Int
    let width: Int

    package init(word: Int, bit: Int = 0, width: Int = 64) {
      self.word = word
      self.bit = bit
      self.width = width
    }

    var mask: UInt64 { .max >> UInt64(64 - width) }
  }

  /// By `Cell.index`; cells of more than 64 bits have no place yet.
  let places: [Place]
  let wordCount: Int

  package init(_ places: [Place]) {
    self.places = places
    wordCount = (places.map(\.word).max() ?? -1) + 1
  }

  func words(_ cells: ArraySlice<UInt64>) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: wordCount)
    for (place, value) in zip(places, cells) {
      words[place.word] |= (value & place.mask) << UInt64(place.bit)
    }
    return words
  }

  func cell(_ index: Int, in words: ArraySlice<UInt64>) -> UInt64 {
    let place = places[index]
    return words[words.startIndex + place.word] >> UInt64(place.bit) & place.mask
  }
}
