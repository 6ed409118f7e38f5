import ConstrainedDecoding

/// Vocabularies that cut code anywhere.
struct VocabularySource<Random: RandomNumberGenerator> {
  let alphabet: TokenVocabulary.Alphabet
  /// Texts that tokens are cut from.
  let texts: [[UInt8]]
  var random: Random

  /// A vocabulary of substrings of the texts with prefixes and suffixes of each other, duplicates, empty
  /// and special tokens, junk, an end among them and padding.
  ///
  /// - Parameters:
  ///   - count: about as many tokens.
  ///   - longest: the units of the longest token.
  ///   - units: how many of the single units are tokens: all, none or each by chance.
  mutating func next(count: Int, longest: Int, units: Units) throws -> TokenVocabulary {
    var tokens: [[UInt8]?] = [nil, [], [0xFF, 0xFE], [0x80]]
    while tokens.count < count {
      let token = cut(longest)
      tokens.append(token)
      if chance(4) { tokens.append(Array(token.dropFirst())) }
      if chance(4) { tokens.append(Array(token.dropLast())) }
      if chance(6) { tokens.append(token) }
      if chance(12) { tokens.append(junk()) }
      if chance(24) { tokens.append([]) }
    }
    switch units {
    case .all: tokens += everyUnit.map { [$0] }
    case .none: tokens.removeAll { $0?.count == 1 }
    case .some: tokens += everyUnit.filter { _ in chance(2) }.map { [$0] }
    }
    tokens.shuffle(using: &random)
    let ends = tokens.indices.filter { tokens[$0] == nil }
    return try TokenVocabulary(
      tokens: tokens, endTokens: Set(ends), alphabet: alphabet,
      width: tokens.count + Int.random(in: 0..<70, using: &random))
  }

  enum Units: CaseIterable { case all, none, some }

  /// A piece of a text, or of two in a row.
  mutating func cut(_ longest: Int) -> [UInt8] {
    var text = texts.randomElement(using: &random) ?? []
    if chance(3) { text += texts.randomElement(using: &random) ?? [] }
    let start = Int.random(in: 0..<max(1, text.count), using: &random)
    let count = Int.random(in: 1...longest, using: &random)
    return Array(text[start...].prefix(count)).map { recased($0) }
  }

  /// A digit in either case where both may be.
  private mutating func recased(_ unit: UInt8) -> UInt8 {
    guard case .hex(let rule) = alphabet, rule.digits == .any, (97...102).contains(unit) else {
      return unit
    }
    return chance(4) ? unit & ~32 : unit
  }

  /// Units that no code has in this order, or no alphabet.
  private mutating func junk() -> [UInt8] {
    (0..<Int.random(in: 1...5, using: &random)).map { _ in
      chance(2)
        ? everyUnit.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
    }
  }

  /// Bytes; digits, and spaces where there may be some.
  private var everyUnit: [UInt8] {
    guard case .hex(let rule) = alphabet else { return Array(0...255) }
    let digits = rule.digits == .upper ? "0123456789ABCDEF" : "0123456789abcdef"
    return Array(digits.utf8) + (rule.spacing == .none ? [] : [32])
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
}
