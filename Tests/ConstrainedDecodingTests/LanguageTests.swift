import ARM64Model
import ConstrainedDecoding
import MachineModel
import Terms
import Testing
import X86Model

let architectures: [any Architecture] = [X86(), ARM64()]

/// Everything that the tables have, without an end of its own.
func everything(_ isa: String) -> DecodingConstraint {
  var constraint = DecodingConstraint(isa: isa)
  constraint.branches = .unchecked
  constraint.endsInReturn = false
  return constraint
}

func decoder(
  _ constraint: DecodingConstraint, _ vocabulary: TokenVocabulary = .rawBytes
) throws -> CompiledDecoder {
  let architecture = try #require(architectures.first { $0.name == constraint.isa })
  return try CompiledDecoder(
    constraint: constraint, vocabulary: vocabulary, architecture: architecture)
}

/// The automaton reads what the decoders read.
@Suite struct LanguageTests {
  @Test(arguments: ["x86-64", "arm64"])
  func rowsAreReachable(isa: String) throws {
    var constraint = everything(isa)
    constraint.endsInReturn = true
    constraint.maximumInstructions = 2
    let compiled = try decoder(constraint)
    let architecture = try #require(architectures.first { $0.name == isa })
    var compared = 0
    var wrong: [String] = []
    let end: [UInt8] = isa == "x86-64" ? [0xC3] : [0xC0, 0x03, 0x5F, 0xD6]
    for form in architecture.forms {
      var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
      for _ in 0..<Scale.of(1, full: 50) {
        let sample = architecture.randomInstruction(of: form, at: 0, using: &random)
        let bytes = try architecture.encode(sample)
        // Where a return is the last instruction no other comes after it.
        let code = form.family.flow == .return ? bytes : bytes + end
        var matcher = compiled.matcher()
        let count = matcher.validate(tokens: code.map { Int($0) })
        for byte in code { _ = matcher.accept(token: Int(byte)) }
        let isRight = count == code.count && matcher.isCompleted
        if !isRight { wrong.append("\(form.syntax) \(bytes)") }
        compared += 1
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(10))")
    try EvidencePage.note(
      "instructions of every row, each accepted byte by byte and then a return", isa,
      compared: compared, wrong: wrong.count)
  }

  /// Bytes near instructions: what is accepted is what decodes, to the same length.
  @Test(arguments: ["x86-64", "arm64"])
  func changedInstructionsAreReadAlike(isa: String) throws {
    let compiled = try decoder(everything(isa))
    let architecture = try #require(architectures.first { $0.name == isa })
    var random: any RandomNumberGenerator = SplitMix64(seed: 77)
    var (accepted, refused) = (0, 0)
    for form in architecture.forms where form.index % 16 == 5 {
      do {
        let instruction = architecture.randomInstruction(of: form, at: 0, using: &random)
        let bytes = change(try architecture.encode(instruction), isa, &random)
        let decoded = try? architecture.decode(bytes[...], at: 0)
        var matcher = compiled.matcher()
        var count = 0
        while count < bytes.count, matcher.accept(token: Int(bytes[count])) {
          count += 1
          if matcher.isCompleted { break }
        }
        let length = matcher.isCompleted ? count : nil
        #expect(length == decoded?.length, "\(form.syntax) \(bytes)")
        if length == nil { refused += 1 } else { accepted += 1 }
      }
    }
    #expect(accepted > 10 && refused > 5, "\(accepted) accepted, \(refused) refused")
  }

  /// A changed byte or two, and bytes after it.
  private func change(
    _ code: [UInt8], _ isa: String, _ random: inout any RandomNumberGenerator
  ) -> [UInt8] {
    var code = code
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      let place = Int.random(in: 0..<min(code.count, 4), using: &random)
      code[place] = UInt8.random(in: 0...255, using: &random)
    }
    guard isa == "x86-64" else { return code }
    let prefixes: [UInt8] = [0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x64, 0x48, 0x41, 0x40]
    for _ in 0..<(Int.random(in: 0..<4, using: &random) == 0 ? 12 : 1) {
      if Bool.random(using: &random) {
        code.insert(prefixes.randomElement(using: &random) ?? 0x66, at: 0)
      }
    }
    while code.count < 15 { code.append(UInt8.random(in: 0...255, using: &random)) }
    return Array(code.prefix(15))
  }
}
