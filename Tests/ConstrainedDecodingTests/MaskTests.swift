import ConstrainedDecoding
import Terms
import Testing

/// Rows say what `accept` does, for whole tables and every way of writing.
@Suite struct MaskTests {
  static let alphabets: [TokenVocabulary.Alphabet] = [
    .bytes, .hex(.init(digits: .lower)), .hex(.init(digits: .any, spacing: .free)),
    .hex(.init(digits: .upper, spacing: .single)),
  ]

  /// All single units, and random texts of up to nine.
  static func vocabulary(
    _ alphabet: TokenVocabulary.Alphabet, _ random: inout SplitMix64
  ) throws -> TokenVocabulary {
    var units = Array(UInt8(0)...255)
    if case .hex(let rule) = alphabet {
      units = Array((rule.digits == .upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
      if rule.spacing != .none { units.append(32) }
    }
    var tokens: [[UInt8]?] = units.map { [$0] }
    for _ in 0..<250 {
      let length = Int.random(in: 2...9, using: &random)
      var text: [UInt8] = []
      while text.count < length {
        text.append(units.randomElement(using: &random) ?? 0)
        if case .hex(let rule) = alphabet, rule.spacing == .single, text.count % 3 == 2 {
          text.append(32)
        }
      }
      tokens.append(text)
    }
    return try TokenVocabulary(
      tokens: tokens + [nil], endTokens: [tokens.count], alphabet: alphabet)
  }

  @Test(arguments: ["x86-64", "arm64"], alphabets.indices)
  func rowsAreWhatIsAccepted(isa: String, alphabet: Int) throws {
    var random = SplitMix64(seed: UInt64(alphabet))
    let vocabulary = try Self.vocabulary(Self.alphabets[alphabet], &random)
    var budgeted = everything(isa)
    (budgeted.maximumInstructions, budgeted.maximumBytes, budgeted.maximumTokens) = (5, 30, 40)
    var compiled = try decoder(everything(isa), vocabulary)
    for constraint in [everything(isa), budgeted, DecodingConstraint(isa: isa)] {
      compiled = try compiled.with(constraint)
      var matcher = compiled.matcher()
      var checked = 0
      for _ in 0..<60 {
        let allowed = Set(matcher.allowedTokens())
        for token in 0..<vocabulary.width {
          var next = matcher
          let isAccepted = next.accept(token: token)
          #expect(isAccepted == allowed.contains(token), "\(matcher.tokens) \(token)")
          checked += 1
        }
        let end = vocabulary.width - 1
        // Long tokens are few: they are taken where they can be.
        let long = allowed.filter { $0 != end && vocabulary.tokens[$0]?.count ?? 0 > 1 }
        guard let token = (long.isEmpty ? allowed : long).sorted().randomElement(using: &random)
        else { break }
        let isAccepted = matcher.accept(token: token)
        #expect(isAccepted)
        if matcher.isTerminated { matcher.reset() }
      }
      #expect(checked > 2_000)
    }
  }
}
