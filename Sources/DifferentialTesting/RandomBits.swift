import Terms

/// Random words in which rare things happen: the density of ones is itself random.
package struct RandomBits: RandomNumberGenerator {
  private var words: SplitMix64

  package init(seed: UInt64) { words = SplitMix64(seed: seed) }

  /// The next uniform word.
  package mutating func next() -> UInt64 { words.next() }

  /// A word that is uniform, sparse, dense, small, an edge of some width, or one bit.
  package mutating func word() -> UInt64 {
    switch next() & 15 {
    case 0: 0
    case 1: .max
    case 2: 1 << (next() & 63)
    case 3: ~(1 << (next() & 63))
    case 4: edge()
    case 5: edge() &+ (next() & 3) &- 1
    case 6: next() & 0xFF
    case 7: 0 &- (next() & 0xFF)
    case 8: next() & next() & next()
    case 9: next() | next() | next()
    case 10: next() & next() & next() & next() & next()
    case 11: next() & 0xFFFF_FFFF
    default: next()
    }
  }

  /// The least signed value of 8, 16, 32 or 64 bits, perhaps sign-extended.
  private mutating func edge() -> UInt64 {
    let width = 8 << (next() & 3)
    let least: UInt64 = 1 << (width - 1)
    return next() & 1 == 0 ? least : 0 &- least
  }

  /// Writes a value to memory: words that are alike, or of a kind each, or made of elements of one
  /// random width.
  mutating func fill(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    let kind = byteCount > 8 ? next() & 7 : 2
    let element: UInt64 = 8 << (next() & 3)
    let first = word()
    for start in stride(from: 0, to: byteCount, by: 8) {
      let value =
        switch kind {
        case 0: first
        case 1: next()
        case 2, 3: word()
        default: elements(element)
        }
      let count = min(8, byteCount - start)
      withUnsafeBytes(of: value.littleEndian) {
        UnsafeMutableRawBufferPointer(start: memory + start, count: count)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
  }

  /// A word of random elements of `width` bits.
  private mutating func elements(_ width: UInt64) -> UInt64 {
    stride(from: 0, to: 64, by: Int(width)).reduce(0) { result, place in
      let kind = next() & 7
      var value = word()
      if kind == 0 { value = 1 << (width - 1) }
      if kind == 1 { value = (1 << (width - 1)) - 1 }
      if kind == 2 { value = next() & 31 }
      return result | (value & (.max >> (64 - width))) << UInt64(place)
    }
  }
}
