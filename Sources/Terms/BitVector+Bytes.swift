/// Bit-vectors as bytes in memory, the least significant first.
extension BitVector {
  /// The vector of these bytes, the least significant first; at least one.
  package init(bytes: [UInt8]) {
    self.init(width: bytes.count * 8) { index in
      let start = index * 8
      var word: UInt64 = 0
      for place in start..<Swift.min(start + 8, bytes.count) {
        word |= UInt64(bytes[place]) << UInt64(place % 8 * 8)
      }
      return word
    }
  }

  /// The bytes, the least significant first; bits above `width` are zero.
  package var bytes: [UInt8] {
    (0..<(width + 7) / 8).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64($0 % 8 * 8)) }
  }

  /// The vector of these, the most significant first; at least one.
  init(joining parts: [BitVector]) {
    let width = parts.reduce(0) { $0 + $1.width }
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(width) + 1)
    var place = 0
    for part in parts.reversed() {
      let (first, shift) = (place / 64, UInt64(place % 64))
      for (index, word) in part.words.enumerated() {
        words[first + index] |= word << shift
        if shift > 0 { words[first + index + 1] |= word >> (64 - shift) }
      }
      place += part.width
    }
    self.init(words: words, width: width)
  }
}
