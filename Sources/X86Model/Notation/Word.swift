/// A word of a row, at most 24 bytes of ASCII, as a value that is compared and hashed as numbers.
struct Word: Hashable, Sendable {
  /// The bytes, the first of them least significant, and zeros after the last.
  private var low: UInt128 = 0
  private var high: UInt64 = 0
  private(set) var count = 0

  init() {}

  init(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }

  mutating func append(_ byte: UInt8) {
    precondition(count < 24, "\(text)… is longer than words of rows are")
    if count < 16 {
      low |= UInt128(byte) &<< UInt128(8 * count)
    } else {
      high |= UInt64(byte) &<< UInt64(8 * (count - 16))
    }
    count += 1
  }

  subscript(position: Int) -> UInt8 {
    position < 16
      ? UInt8(truncatingIfNeeded: low &>> UInt128(8 * position))
      : UInt8(truncatingIfNeeded: high &>> UInt64(8 * (position - 16)))
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(truncatingIfNeeded: low ^ low >> 64) ^ high)
  }

  var text: String { String(decoding: (0..<count).map { self[$0] }, as: UTF8.self) }

  /// The first bytes.
  func prefix(_ count: Int) -> Word {
    var result = Word()
    for position in 0..<count { result.append(self[position]) }
    return result
  }

  func hasSuffix(_ suffix: Word) -> Bool {
    count >= suffix.count
      && (0..<suffix.count).allSatisfy { self[count - suffix.count + $0] == suffix[$0] }
  }

  /// The word without the comma that may follow it.
  var bare: Word {
    guard count > 0, self[count - 1] == UInt8(ascii: ",") else { return self }
    var result = self
    result.count -= 1
    if count <= 16 {
      result.low &= ~(0xFF &<< UInt128(8 * result.count))
    } else {
      result.high &= ~(0xFF &<< UInt64(8 * (result.count - 16)))
    }
    return result
  }

  /// Calls `body` with each word of a row's text, which spaces separate.
  static func forEach<Failure>(
    of text: String, _ body: (Word) throws(Failure) -> Void
  ) throws(Failure) {
    var word = Word()
    for byte in text.utf8 {
      if byte != UInt8(ascii: " ") {
        word.append(byte)
      } else if word.count > 0 {
        try body(word)
        word = Word()
      }
    }
    if word.count > 0 { try body(word) }
  }
}

extension Word: ExpressibleByStringLiteral {
  init(stringLiteral text: String) { self.init(text) }
}
