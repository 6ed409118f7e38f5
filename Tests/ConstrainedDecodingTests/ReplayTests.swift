import BinVerify
import ConstrainedDecoding
import FoundationEssentials
import ObjectFiles
import Terms
import Testing

/// Functions that compilers wrote, given back to the matcher in tokens that cut them anywhere.
@Suite struct ReplayTests {
  /// A compiled function of which every instruction is in the tables.
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let isa: String
    let bytes: [UInt8]
    let boundaries: [Int]
    let mnemonics: Set<String>
    let endsInReturn: Bool

    var testDescription: String { name }

    /// Nil where some bytes are no instruction.
    init?(_ name: String, _ code: LoadedCode) throws {
      let lines = try disassemble(code)
      var mnemonics: Set<String> = []
      for line in lines {
        guard let instruction = line.instruction else { return nil }
        mnemonics.insert(instruction.form.mnemonic)
      }
      self.name = name
      self.mnemonics = mnemonics
      isa = code.isa
      bytes = lines.flatMap(\.bytes)
      boundaries = lines.map { Int($0.address - lines[0].address) }
      endsInReturn = lines.last?.instruction?.form.family.flow == .return
    }
  }

  private struct Manifest: Decodable {
    struct Kernel: Decodable {
      let kernel: String
      let symbol: String?
    }
    let kernels: [Kernel]
  }

  private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  /// The functions of the samples' objects; of a part of them unless all is compared.
  static let functions: [Function] = {
    guard let data = FileManager.default.contents(atPath: root + "/samples/manifest.json"),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
    else { return [] }
    let objects = Set(
      manifest.kernels.filter { $0.kernel.hasSuffix(".o") }.map {
        "\($0.kernel):\($0.symbol ?? "")"
      })
    return objects.sorted().enumerated().compactMap { index, name in
      guard index % Scale.of(8, full: 1) == 0,
        let code = try? CodeLoader.load(argument: "\(root)/samples/\(name)")
      else { return nil }
      return try? Function(name, code)
    }
  }()

  @Test func thereAreFunctionsOfBoth() {
    for isa in ["x86-64", "arm64"] { #expect(Self.functions.count { $0.isa == isa } >= 20) }
  }

  @Test(arguments: ["x86-64", "arm64"]) func functionsAreAccepted(isa: String) throws {
    var (steps, wrong) = (0, 0)
    for function in Self.functions where function.isa == isa {
      let (count, failures) = try replay(function)
      steps += count
      wrong += failures.count
      #expect(failures.isEmpty, "\(function.name): \(failures.prefix(3))")
    }
    #expect(steps > 500)
    try EvidencePage.note(
      "tokens of compiled functions, \(Self.tokenisations) random tokenisations each", isa,
      compared: steps, wrong: wrong)
  }

  private static let tokenisations = Scale.of(2, full: 20)

  /// Under the tightest constraint that the function keeps: its own mnemonics, instructions and bytes.
  private func replay(_ function: Function) throws -> (steps: Int, failures: [String]) {
    var constraint = DecodingConstraint(isa: function.isa)
    constraint.branches = .unchecked
    constraint.allowedMnemonics = function.mnemonics
    constraint.endsInReturn = function.endsInReturn
    constraint.maximumInstructions = function.boundaries.count
    constraint.maximumBytes = function.bytes.count
    let alphabet = TokenVocabulary.Alphabet.hex(.init())
    let text = TextTree.text(of: function.bytes, alphabet)
    var random = SplitMix64(seed: UInt64(text.count))
    var source = VocabularySource(alphabet: alphabet, texts: [text], random: random)
    let vocabulary = try source.next(count: 60, longest: 28, units: .all)
    let compiled = try decoder(constraint, vocabulary)
    var failures: [String] = []
    var steps = 0
    for _ in 0..<Self.tokenisations {
      var matcher = compiled.matcher()
      var place = 0
      while place < text.count {
        let fitting = vocabulary.tokens.indices.filter { token in
          guard let piece = vocabulary.tokens[token], !piece.isEmpty else { return false }
          return text[place...].starts(with: piece.map { (65...70).contains($0) ? $0 | 32 : $0 })
        }
        guard let token = fitting.randomElement(using: &random) else { break }
        let isInMask = matcher.allowedTokens().contains(token)
        let isAccepted = matcher.accept(token: token)
        steps += 1
        if !isInMask || !isAccepted {
          failures.append("at \(place) token \(token): mask \(isInMask), accept \(isAccepted)")
          break
        }
        place += vocabulary.tokens[token]?.count ?? 0
      }
      if place == text.count,
        !matcher.isCompleted || matcher.program.boundaries != function.boundaries
      {
        failures.append("not complete, or with other boundaries")
      }
    }
    return (steps, failures)
  }
}
