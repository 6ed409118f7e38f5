/// A word of a row, at most 24 bytes of ASCII, as a value that is compared and hashed as numbers.
struct Word: Hashable, Sendable {
  /// The bytes, eight a part, the first of them least significant, and zeros after the last.
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private(set) var count = 0

  private static let limit = 24

  init() {}

  init(_ text: String) {
    let bytes = text.utf8
    self.init(bytes.span)
  }

  /// - Parameter bytes: what the word consists of.
  init(_ bytes: Span<UInt8>) {
    precondition(bytes.count <= Word.limit, "\(bytes.count) bytes in a word of a row")
    count = bytes.count
    first = Word.part(bytes, from: 0)
    if count > 8 { second = Word.part(bytes, from: 8) }
    if count > 16 { third = Word.part(bytes, from: 16) }
  }

  private static func part(_ bytes: Span<UInt8>, from start: Int) -> UInt64 {
    var part: UInt64 = 0
    var position = Swift.min(bytes.count, start + 8)
    while position > start {
      position -= 1
      part = part << 8 | UInt64(bytes[position])
    }
    return part
  }

  subscript(position: Int) -> UInt8 {
    let part = position < 8 ? first : position < 16 ? second : third
    return UInt8(truncatingIfNeeded: part &>> UInt64(8 * (position & 7)))
  }

  /// A number that differs for most words.
  var digest: UInt64 {
    let mixed = (first ^ second << 7 ^ third << 13) &* 0x9E37_79B9_7F4A_7C15
    return mixed ^ mixed >> 32
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  var text: String { Word.text(of: [self]) }

  /// The words with spaces between them.
  static func text(of words: [Word]) -> String {
    let size = words.reduce(words.count - 1) { $0 + $1.count }
    return String(unsafeUninitializedCapacity: Swift.max(size, 0)) { bytes in
      var end = 0
      for word in words {
        if end > 0 {
          bytes[end] = UInt8(ascii: " ")
          end += 1
        }
        for position in 0..<word.count {
          bytes[end] = word[position]
          end += 1
        }
      }
      return end
    }
  }

  /// The first bytes, at most as many as there are.
  func prefix(_ count: Int) -> Word {
    var result = self
    while result.count > count { result.removeLast() }
    return result
  }

  private mutating func removeLast() {
    count -= 1
    let mask = ~(0xFF &<< UInt64(8 * (count & 7)))
    if count < 8 { first &= mask } else if count < 16 { second &= mask } else { third &= mask }
  }

  /// The word with `suffix` after it.
  func appending(_ suffix: Word) -> Word {
    precondition(count + suffix.count <= Word.limit, "\(text)\(suffix.text) in a row")
    var result = self
    for position in 0..<suffix.count {
      let byte = UInt64(suffix[position]) &<< UInt64(8 * (result.count & 7))
      if result.count < 8 {
        result.first |= byte
      } else if result.count < 16 {
        result.second |= byte
      } else {
        result.third |= byte
      }
      result.count += 1
    }
    return result
  }

  func hasSuffix(_ suffix: Word) -> Bool {
    count >= suffix.count
      && (0..<suffix.count).allSatisfy { self[count - suffix.count + $0] == suffix[$0] }
  }

  /// The word without the comma that may follow it.
  var bare: Word { hasComma ? prefix(count - 1) : self }

  var hasComma: Bool { count > 0 && self[count - 1] == UInt8(ascii: ",") }

  /// The byte that the two upper-case hexadecimal digits from `position` on are; nil for others.
  func byte(at position: Int) -> UInt8? {
    guard count >= position + 2, let high = Word.digit(self[position]),
      let low = Word.digit(self[position + 1])
    else { return nil }
    return high << 4 | low
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The words of a row's text, which spaces separate.
  static func words(of text: String) -> [Word] {
    var words: [Word] = []
    words.reserveCapacity(8)
    let utf8 = text.utf8
    let bytes = utf8.span
    var start = 0
    for position in 0...bytes.count
    where position == bytes.count || bytes[position] == UInt8(ascii: " ") {
      if position > start { words.append(Word(bytes.extracting(start..<position))) }
      start = position + 1
    }
    return words
  }
}

extension Word: ExpressibleByStringLiteral {
  init(stringLiteral text: String) { self.init(text) }
}
