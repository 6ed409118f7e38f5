import ConstrainedDecoding
import Testing

/// A decoder of a small language against its `TextTree`: all tokens at all places that tokens lead to.
struct MaskComparison {
  private let vocabulary: TokenVocabulary
  private let tree: TextTree
  /// The fewest tokens to an end.
  private let distances: [Int?]
  /// The units of text that have to fit in the tokens left, or the tokens themselves.
  private let needs: [Int?]
  private let maximumTokens: Int
  private(set) var comparisons = 0
  /// What was wrong, the first few.
  private(set) var wrong: [String] = []

  init(_ tree: TextTree, _ vocabulary: TokenVocabulary, maximumTokens: Int? = nil) {
    self.vocabulary = vocabulary
    self.tree = tree
    self.maximumTokens = maximumTokens ?? .max
    let tokens = vocabulary.tokens.indices.compactMap { MaskComparison.text(vocabulary, $0) }
    let distances = tree.distances(tokens)
    self.distances = distances
    // Room is kept to spell the rest unit by unit where that is possible.
    let units = MaskComparison.units(vocabulary.alphabet)
    if units.allSatisfy({ $0.contains { tokens.contains([$0]) } }) {
      needs = tree.distances(units.flatMap { $0 }.map { [$0] })
    } else {
      needs = distances
    }
  }

  /// What can be emitted for a token.
  private static func text(_ vocabulary: TokenVocabulary, _ token: Int) -> [UInt8]? {
    guard vocabulary.tokens.indices.contains(token), !vocabulary.endTokens.contains(token),
      let text = vocabulary.tokens[token], !text.isEmpty
    else { return nil }
    return text
  }

  /// The ways to write each unit that text is made of.
  private static func units(_ alphabet: TokenVocabulary.Alphabet) -> [[UInt8]] {
    guard case .hex(let rule) = alphabet else { return (0...255).map { [$0] } }
    let digits = (UInt8(0)..<16).map { digit in
      let lower = digit < 10 ? 48 + digit : 87 + digit
      let upper = digit < 10 ? 48 + digit : 55 + digit
      return switch rule.digits {
      case .lower: [lower]
      case .upper: [upper]
      case .any: [lower, upper]
      }
    }
    return digits + (rule.spacing == .single ? [[32]] : [])
  }

  /// Whether some text of the language can be written in the tokens there are.
  var canFinish: Bool { needs[0].map { $0 <= maximumTokens } ?? false }

  // MARK: The walk

  private struct Place: Hashable {
    let place: Int32
    /// How many tokens were read, where that is limited.
    let tokens: Int
  }

  /// Compares at as many as `limit` places, taken in a random order.
  mutating func walk(
    _ start: InstructionMatcher, limit: Int, using random: inout some RandomNumberGenerator
  ) {
    var seen: Set<Place> = [Place(place: 0, tokens: 0)]
    var open: [(Place, InstructionMatcher)] = [(Place(place: 0, tokens: 0), start)]
    var visits = 0
    while visits < limit, !open.isEmpty {
      open.swapAt(Int.random(in: open.indices, using: &random), open.count - 1)
      guard let (place, matcher) = open.popLast() else { break }
      visits += 1
      compare(matcher, place.place)
      for token in vocabulary.tokens.indices {
        let tokens = maximumTokens == .max ? 0 : place.tokens + 1
        guard let next = target(place.place, token, left: maximumTokens - place.tokens) else {
          continue
        }
        let reached = Place(place: next, tokens: tokens)
        guard seen.insert(reached).inserted else { continue }
        var matcher = matcher
        if matcher.accept(token: token) { open.append((reached, matcher)) }
      }
    }
  }

  /// Where a token leads that may be written; nil if it may not.
  private func target(_ place: Int32, _ token: Int, left: Int) -> Int32? {
    guard let text = MaskComparison.text(vocabulary, token), let next = tree.step(place, text),
      let rest = needs[Int(next)], rest <= left - 1
    else { return nil }
    return next
  }

  private mutating func compare(_ matcher: InstructionMatcher, _ place: Int32) {
    let left = maximumTokens == .max ? .max : maximumTokens - matcher.tokenCount
    let isEnd = tree.isEnd[Int(place)]
    if matcher.isCompleted != isEnd { note(matcher, "is complete: \(!isEnd)") }
    if matcher.minimumTokensToComplete != distances[Int(place)] {
      note(matcher, "\(matcher.minimumTokensToComplete) tokens to the end")
    }
    // A row that is longer than needed, and full of what is not the mask.
    var row = [Int32](repeating: -1, count: vocabulary.maskWords + 1)
    matcher.fillNextTokenBitmask(into: &row)
    for token in -1...(32 * row.count) {
      let expected =
        vocabulary.endTokens.contains(token)
        ? isEnd : target(place, token, left: left) != nil
      var next = matcher
      let isAccepted = next.accept(token: token)
      let isInRow = (0..<32 * row.count).contains(token)
      let bit = isInRow && row[token >> 5] >> Int32(token & 31) & 1 == 1
      if isAccepted != expected || bit != expected {
        note(matcher, "token \(token): mask \(bit), accept \(isAccepted), oracle \(expected)")
      }
      if (token ^ comparisons) & 31 == 0, (matcher.explain(token: token) == nil) != expected {
        note(matcher, "token \(token): explained wrongly")
      }
    }
    comparisons += 32 * row.count
  }

  private mutating func note(_ matcher: InstructionMatcher, _ text: String) {
    if wrong.count < 10 { wrong.append("after \(matcher.tokens): \(text)") }
  }
}
