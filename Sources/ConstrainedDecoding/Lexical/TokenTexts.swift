/// The texts of tokens as symbols, one after the other; empty for a token that can never be emitted.
struct TokenTexts: Sendable {
  private var symbols: [UInt8] = []
  /// By token: where its text begins in `symbols`; one entry more than tokens.
  private var starts: [Int32] = [0]
  /// The most symbols of a token.
  private(set) var longest = 0

  /// - Parameter spell: the symbols of a text; nil for one that can stand nowhere.
  init(_ vocabulary: TokenVocabulary, _ spell: ([UInt8]) -> [UInt8]?) {
    for token in vocabulary.tokens.indices {
      if let text = vocabulary.text(token).flatMap(spell) { symbols += text }
      longest = Swift.max(longest, symbols.count - Int(starts[token]))
      starts.append(Int32(symbols.count))
    }
  }

  var count: Int { starts.count - 1 }

  @inline(__always)
  subscript(token: Int) -> ArraySlice<UInt8> {
    symbols[Int(starts[token])..<Int(starts[token + 1])]
  }

  /// The first eight symbols of a token as a number that is in order as they are.
  func prefix(_ token: Int) -> UInt64 {
    var result: UInt64 = 0
    let text = self[token]
    for symbol in text.prefix(8) { result = result << 8 | UInt64(symbol) }
    return result << UInt64(8 * Swift.max(0, 8 - text.count))
  }

  /// The bytes that the texts take.
  var memory: Int { symbols.count + 4 * starts.count }
}
