import ConstrainedDecoding
import Testing

/// Code of small languages under the machine's state: wherever the masks lead, the code can be
/// completed within its budgets, which leave little to spare.
///
/// A few hundred places of each language are visited, thirty thousand where all is compared.
@Suite struct DeadEndTests {
  struct Language: CustomTestStringConvertible {
    let name: String
    let isa: String
    let mnemonics: Set<String>
    let registers: Set<String>
    var branches = DecodingConstraint.Branches.none
    var bytes: Int
    var tokens: Int?
    var endsInReturn = true
    var hex: TokenVocabulary.HexRule?
    /// The register that points to 8 bytes, at any offset.
    var buffer: String?

    var testDescription: String { name }
  }

  static let languages: [Language] = [
    Language(
      name: "stack", isa: "x86-64", mnemonics: ["push", "pop", "xor", "lea", "mov", "ret"],
      registers: ["rax", "rbx", "rsp"], bytes: 14),
    Language(
      name: "forward", isa: "x86-64", mnemonics: ["je", "jmp", "xor", "nop", "ret"],
      registers: ["rax"], branches: .forward, bytes: 7),
    Language(
      name: "loops", isa: "x86-64", mnemonics: ["jne", "jmp", "xor", "nop", "ret"],
      registers: ["rax"], branches: .loops, bytes: 6),
    Language(
      name: "loops over a buffer", isa: "x86-64", mnemonics: ["jne", "mov", "add", "ret"],
      registers: ["rax", "rsi"], branches: .loops, bytes: 9, buffer: "rsi"),
    Language(
      name: "digits within few tokens", isa: "x86-64", mnemonics: ["xor", "nop", "inc", "ret"],
      registers: ["rax", "rcx"], bytes: 7, tokens: 11, hex: .init()),
    Language(
      name: "spaced digits of a fragment", isa: "x86-64", mnemonics: ["xor", "nop", "inc"],
      registers: ["rax", "rcx"], bytes: 4, endsInReturn: false, hex: .init(spacing: .single)),
    Language(
      name: "words", isa: "arm64", mnemonics: ["movz", "cbz", "b", "ret"],
      registers: ["x0"], branches: .forward, bytes: 16),
    Language(
      name: "loops of words", isa: "arm64", mnemonics: ["movz", "cbnz", "ret"],
      registers: ["x0"], branches: .loops, bytes: 12),
  ]

  private static func constraint(_ language: Language) -> DecodingConstraint {
    var result = DecodingConstraint(isa: language.isa)
    result.allowedMnemonics = language.mnemonics
    result.allowedRegisters = language.registers
    result.onlyDefinedReads = true
    result.onlyContractMemory = true
    result.balancesStack = true
    result.restoresCalleeSaved = true
    result.maximumFrame = 16
    result.branches = language.branches
    result.maximumBytes = language.bytes
    result.maximumTokens = language.tokens
    result.endsInReturn = language.endsInReturn
    if let register = language.buffer {
      result.buffers = [.init(name: "p", register: register, byteCount: 8, isWritable: true)]
      result.addresses = .anyOffset
    }
    result.results = [.init(language.isa == "arm64" ? "x0" : "rax", 32)]
    return result
  }

  private static func vocabulary(_ rule: TokenVocabulary.HexRule?) throws -> TokenVocabulary {
    guard let rule else { return .rawBytes }
    let texts = ["0123456789abcdef ".map(String.init), ["31c0", "c3", "1c", "ffc"]].joined()
    return try TokenVocabulary(
      tokens: texts.map { Array($0.utf8) } + [nil], endTokens: [21], alphabet: .hex(rule))
  }

  @Test(arguments: languages) func nothingIsADeadEnd(language: Language) throws {
    let compiled = try decoder(
      Self.constraint(language), Self.vocabulary(language.hex))
    let places = ReachablePlaces(compiled, limit: Scale.of(250, full: 30_000))
    #expect(places.deadEnds == [] && places.refused == [], "\(language.name)")
    #expect(places.complete > 0, "\(language.name): \(places.count) places")
    try EvidencePage.note(
      "places that the masks lead to under the machine's state, dead ends wrong: \(language.name)",
      language.isa, compared: places.count, wrong: places.deadEnds.count + places.refused.count)
  }
}
