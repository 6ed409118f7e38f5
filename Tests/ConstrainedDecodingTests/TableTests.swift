import ARM64Model
import ConstrainedDecoding
import MachineModel
import Terms
import Testing
import X86Model

/// Masks over all rows of the tables against the decoder: every token at places that random walks meet.
@Suite struct TableTests {
  /// Code so far as the oracle sees it: the bytes of the instruction begun, and half of another.
  private struct Place {
    var open: [UInt8] = []
    var half: UInt8?
  }

  /// Tokens of three kinds of text that cut instructions anywhere.
  static let alphabets: [TokenVocabulary.Alphabet] = [
    .bytes, .hex(.init()), .hex(.init(digits: .lower)),
  ]

  @Test(arguments: ["x86-64", "arm64"]) func masksAreWhatDecodes(isa: String) throws {
    let architecture = try #require(architectures.first { $0.name == isa })
    let oracle = InstructionOracle(architecture)
    let bytes = try decoder(everything(isa))
    var random = SplitMix64(seed: 30)
    var (comparisons, accepted) = (0, 0)
    var wrong: [String] = []
    for alphabet in Self.alphabets {
      let vocabulary = try vocabulary(architecture, alphabet, &random)
      let compiled = try decoder(everything(isa), vocabulary)
      for _ in 0..<Scale.of(2, full: 60) {
        var matcher = compiled.matcher()
        var place = Place()
        for _ in 0..<Scale.of(3, full: 30) {
          let mask = Set(matcher.allowedTokens())
          for (token, text) in vocabulary.tokens.enumerated() {
            guard let text, !text.isEmpty else { continue }
            var next = matcher
            let isAccepted = next.accept(token: token)
            let expected = isLegal(text, after: place, oracle, alphabet, bytes)
            if isAccepted != expected || mask.contains(token) != expected {
              wrong.append("\(place) \(text): accepted \(isAccepted), oracle \(expected)")
            }
            accepted += expected ? 1 : 0
            comparisons += 1
          }
          guard
            let token = mask.filter({ vocabulary.tokens[$0] != nil }).sorted()
              .randomElement(using: &random), let text = vocabulary.tokens[token]
          else { break }
          _ = matcher.accept(token: token)
          _ = step(&place, text, oracle, alphabet)
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(10))")
    #expect(accepted > comparisons / 20 && accepted < comparisons * 19 / 20)
    try EvidencePage.note(
      "tokens after random code of all rows, against the decoder", isa, compared: comparisons,
      wrong: wrong.count)
  }

  /// All units and pieces of instructions of all rows, one after the other.
  private func vocabulary(
    _ architecture: any Architecture, _ alphabet: TokenVocabulary.Alphabet,
    _ random: inout SplitMix64
  ) throws -> TokenVocabulary {
    var source: any RandomNumberGenerator = random
    let texts = architecture.forms.compactMap { form in
      try? architecture.encode(architecture.randomInstruction(of: form, at: 0, using: &source))
    }.map { TextTree.text(of: $0, alphabet) }
    var vocabularies = VocabularySource(
      alphabet: alphabet, texts: texts, random: SplitMix64(seed: random.next()))
    return try vocabularies.next(count: Scale.of(200, full: 1_000), longest: 30, units: .all)
  }

  // MARK: The oracle's side

  /// Whether text may follow: all instructions that it completes are read, and one can begin with the rest.
  private func isLegal(
    _ text: [UInt8], after place: Place, _ oracle: InstructionOracle,
    _ alphabet: TokenVocabulary.Alphabet, _ bytes: CompiledDecoder
  ) -> Bool {
    var place = place
    guard step(&place, text, oracle, alphabet) else { return false }
    guard let half = place.half else {
      return place.open.isEmpty
        || oracle.canBegin(place.open) { Self.completion(of: place.open, bytes) }
    }
    return (UInt8(0)..<16).contains { digit in
      let open = place.open + [half << 4 | digit]
      switch oracle.read(open) {
      case .complete: return true
      case .none: return false
      case .open: return oracle.canBegin(open) { Self.completion(of: open, bytes) }
      }
    }
  }

  /// Goes on by text; false if it completes bytes that are no instruction.
  private func step(
    _ place: inout Place, _ text: [UInt8], _ oracle: InstructionOracle,
    _ alphabet: TokenVocabulary.Alphabet
  ) -> Bool {
    for unit in text {
      var byte = unit
      if case .hex(let rule) = alphabet {
        guard let digit = Self.digit(unit, rule.digits) else { return false }
        guard let half = place.half else {
          place.half = digit
          continue
        }
        byte = half << 4 | digit
        place.half = nil
      }
      place.open.append(byte)
      switch oracle.read(place.open) {
      case .complete: place.open = []
      case .open: break
      case .none: return false
      }
    }
    return true
  }

  private static func digit(
    _ unit: UInt8, _ digits: TokenVocabulary.HexRule.Digits
  ) -> UInt8? {
    guard unit < 128, let digit = Character(UnicodeScalar(unit)).hexDigitValue else { return nil }
    if digits == .lower, (65...70).contains(unit) { return nil }
    return UInt8(digit)
  }

  /// The instruction that the masks of bytes lead to from its beginning.
  private static func completion(of open: [UInt8], _ bytes: CompiledDecoder) -> [UInt8]? {
    guard var matcher = bytes.matcher(after: open.map { Int32($0) }) else { return nil }
    while !matcher.isCompleted {
      guard let token = matcher.allowedTokens().first, matcher.accept(token: token) else {
        return nil
      }
    }
    return matcher.program.bytes
  }
}
