import ConstrainedDecoding
import MachineModel
import Terms
import Testing
import X86Model

/// Masks, `accept` and budgets against all programs of small constraints, listed by decoding.
@Suite struct OracleTests {
  // MARK: Languages

  /// The longest instructions of x86-64 that are listed.
  private static let longest = Scale.of(2, full: 3)
  private static let short = SmallLanguage.x86(
    upTo: longest, ["cdq", "clc", "cmc", "inc", "mov", "nop", "push", "ret"])
  /// HINT and RET.
  private static let words = SmallLanguage.arm64(upper: [0xD503, 0xD65F])

  private static func language(
    _ isa: String, _ mnemonics: Set<String>, instructions: Int, bytes: Int,
    endsInReturn: Bool = true
  ) -> SmallLanguage {
    var constraint = DecodingConstraint(isa: isa)
    constraint.allowedMnemonics = mnemonics
    constraint.maximumInstructions = instructions
    constraint.maximumBytes = bytes
    constraint.endsInReturn = endsInReturn
    let listing = isa == "x86-64" ? short.filter { $0.bytes.count <= bytes } : words
    return SmallLanguage(constraint, among: listing)
  }

  /// Of two bytes, also for other tests.
  static let pairs = language("x86-64", ["nop", "ret", "cdq", "inc"], instructions: 2, bytes: 2)

  /// A few dozen programs.
  static let few = language("x86-64", ["cdq", "ret"], instructions: 2, bytes: 2)

  static let languages: [SmallLanguage] =
    [
      pairs,
      language("x86-64", ["cdq", "push", "inc"], instructions: 2, bytes: 2, endsInReturn: false),
      language("x86-64", ["mov"], instructions: 1, bytes: 2, endsInReturn: false),
      language("arm64", ["hint", "ret"], instructions: 2, bytes: 100),
      // The bytes are the tighter budget.
      language("arm64", ["ret"], instructions: 3, bytes: 11, endsInReturn: false),
    ] + (Scale.isFull ? larger : [])

  private static let larger: [SmallLanguage] = [
    language("x86-64", ["cdq", "push", "inc"], instructions: 3, bytes: 3, endsInReturn: false),
    language("x86-64", ["clc", "cmc", "ret"], instructions: 4, bytes: 3),
    language("x86-64", ["mov"], instructions: 1, bytes: 3, endsInReturn: false),
    language("arm64", ["hint"], instructions: 2, bytes: 11, endsInReturn: false),
  ]

  static let alphabets: [TokenVocabulary.Alphabet] = [
    .bytes, .hex(.init()), .hex(.init(digits: .lower, spacing: .single)),
    .hex(.init(digits: .upper, spacing: .free)),
  ]

  // MARK: Random vocabularies

  /// Places that are compared with each vocabulary.
  private static let places = Scale.of(12, full: 400)
  /// Vocabularies for each language and alphabet.
  private static let vocabularies = Scale.of(3, full: 24)

  @Test(arguments: languages) func masksAreExact(language: SmallLanguage) throws {
    var (comparisons, wrong, refused) = (0, 0, 0)
    var random = SplitMix64(seed: 20)
    for alphabet in Self.alphabets {
      let tree = TextTree(language.programs, alphabet)
      var source = VocabularySource(
        alphabet: alphabet,
        texts: language.programs.prefix(5_000).map { TextTree.text(of: $0, alphabet) },
        random: SplitMix64(seed: random.next()))
      for index in 0..<Self.vocabularies {
        let units = VocabularySource<SplitMix64>.Units.allCases[index % 3]
        let vocabulary = try source.next(
          count: [12, 40, 150][index % 3], longest: [3, 8, 24][(index / 3) % 3], units: units)
        var constraint = language.constraint
        if index % 2 == 1 { constraint.maximumTokens = Int.random(in: 1...6, using: &random) }
        var comparison = MaskComparison(
          tree, vocabulary, maximumTokens: constraint.maximumTokens)
        let compiled = try? decoder(constraint, vocabulary)
        #expect((compiled != nil) == comparison.canFinish, "\(constraint) \(vocabulary)")
        guard let compiled, comparison.canFinish else {
          refused += 1
          continue
        }
        comparison.walk(compiled.matcher(), limit: Self.places, using: &random)
        #expect(comparison.wrong.isEmpty, "\(vocabulary): \(comparison.wrong)")
        comparisons += comparison.comparisons
        wrong += comparison.wrong.count
      }
    }
    #expect(comparisons > 1_000)
    try EvidencePage.note(
      "tokens of random vocabularies against the list of all programs: \(language.testDescription)",
      language.constraint.isa, compared: comparisons, wrong: wrong)
  }

  // MARK: Vocabularies made on purpose

  static let bytes: [[[UInt8]?]] = [
    (0...255).map { [UInt8($0)] } + [nil],
    // Substrings, prefixes and suffixes of each other; twice the same; empty.
    [[0xC3], [0x90, 0xC3], [0x90], [0x99], [], [0x90], nil, [0xC3, 0xC3], [0x66], [0xF3, 0xC3]],
    [[0x90, 0xC3], [0x90], [0x99, 0xC3], nil, [0x90, 0x90, 0xC3], [0x0F], [0x99]],
    // The last byte of the alphabet, above 0x7F, at both ends.
    [[0xFF], [0xC0], [0xFF, 0xC0], [0xC3], [0xFF, 0xC0, 0xC3], [0x41, 0xFF], [0xFE], nil],
  ]

  @Test(arguments: bytes.indices) func bytesAreExact(index: Int) throws {
    try compare(Self.bytes[index], .bytes)
  }

  static let digits: [[String?]] = [
    "0123456789abcdef".map { String($0) } + [nil],
    ["9", "90", "c3", "3", "c", "0c", "99c3", "0", "66", "", "6", "90c", "c", nil],
    ["90c", "3", "99", "C3", "9", "09", nil],
    // No single digits, and tokens that end and begin in the middle of bytes.
    ["90", "0c", "c3", "90c", "3c", "99c3", "66", "66c3", nil],
  ]

  @Test(arguments: digits.indices) func digitsAreExact(index: Int) throws {
    try compare(
      Self.digits[index].map { $0.map { Array($0.utf8) } }, .hex(.init(digits: .lower)))
  }

  /// The last token is the end.
  private func compare(_ tokens: [[UInt8]?], _ alphabet: TokenVocabulary.Alphabet) throws {
    let vocabulary = try TokenVocabulary(
      tokens: tokens, endTokens: [tokens.count - 1], alphabet: alphabet, width: 300)
    var comparison = MaskComparison(TextTree(Self.pairs.programs, alphabet), vocabulary)
    #expect(comparison.canFinish)
    var random = SplitMix64(seed: 1)
    comparison.walk(
      try decoder(Self.pairs.constraint, vocabulary).matcher(), limit: 1_000, using: &random)
    #expect(comparison.comparisons > 1_000)
    #expect(comparison.wrong.isEmpty, "\(comparison.wrong)")
  }

  /// A token of five instructions, and what is left of them after its parts.
  @Test func tokensMayBeLongerThanInstructions() throws {
    var constraint = DecodingConstraint(isa: "x86-64")
    constraint.allowedMnemonics = ["clc", "ret"]
    constraint.maximumInstructions = 6
    let long: [UInt8] = [0xF8, 0xF8, 0xF8, 0xF8, 0xF8]
    let vocabulary = try TokenVocabulary(
      tokens: [long, long + [0xC3], long + [0xF8], long + [0xF8, 0xC3], [0xF8], nil, [0xC3]],
      endTokens: [5])
    var matcher = try decoder(constraint, vocabulary).matcher()
    #expect(matcher.allowedTokens() == [0, 1, 4, 6])
    let isAccepted = matcher.accept(token: 4)
    #expect(isAccepted && matcher.allowedTokens() == [4, 6])
    // One instruction of six is read, so five and no return are one too many.
    let isRefused = !matcher.accept(token: 0)
    #expect(isRefused && matcher.minimumTokensToComplete == 1)
    let isBack = matcher.rollback(1)
    let isLongAccepted = matcher.accept(token: 1)
    #expect(isBack && isLongAccepted)
    #expect(matcher.program.boundaries == [0, 1, 2, 3, 4, 5] && matcher.allowedTokens() == [5])
  }

  // MARK: What is refused

  @Test func vocabulariesThatCannotFinishAreRefused() throws {
    for tokens: [[UInt8]?] in [
      [[0x90], nil], [[], nil], [[0x90, 0xC3, 0x90], nil], [[0x0F], nil],
    ] {
      let vocabulary = try TokenVocabulary(tokens: tokens, endTokens: [1])
      #expect(throws: DecoderError.self) { _ = try decoder(Self.pairs.constraint, vocabulary) }
    }
  }

  @Test func whatIsNotSupportedIsRefused() throws {
    var constraint = Self.pairs.constraint
    constraint.onlyDefinedReads = true
    constraint.branches = .unchecked
    #expect(throws: DecoderError.self) { _ = try decoder(constraint) }
    constraint = Self.pairs.constraint
    constraint.allowedMnemonics = ["no-such"]
    #expect(throws: DecoderError.self) { _ = try decoder(constraint) }
  }
}
