import ConstrainedDecoding
import MachineModel
import Terms
import Testing

/// Shortcuts about the machine's state say what they stand for.
@Suite struct EffectTests {
  private static func architecture(_ isa: String) throws -> any Architecture {
    try #require(architectures.first { $0.name == isa })
  }

  /// Instructions of every form with random operands.
  private static func instructions(_ isa: String, each count: Int, seed: UInt64) throws
    -> [Instruction]
  {
    let architecture = try architecture(isa)
    var random: any RandomNumberGenerator = SplitMix64(seed: seed)
    return architecture.forms.flatMap { form in
      (0..<count).map { _ in architecture.randomInstruction(of: form, at: 0, using: &random) }
    }
  }

  /// What is left open in an effect, and the registers that stand for others, make no difference.
  @Test(arguments: ["x86-64", "arm64"]) func effectsAreThoseOfTheirOwnClosure(isa: String) throws {
    let instructions = try Self.instructions(isa, each: Scale.of(4, full: 400), seed: 3)
    let wrong = try #require(SemanticsTests.decoders[isa]).wrongEffects(among: instructions)
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5).joined(separator: "\n"))")
    try EvidencePage.note(
      "effects of instructions, from templates and by their own closures", isa,
      compared: instructions.count, wrong: wrong.count)
  }

  /// Whether an instruction may stand somewhere, and what completes the code after it, is the same whether the
  /// state after it is made or not.
  @Test(arguments: ["x86-64", "arm64"]) func judgementsAreThoseOfStates(isa: String) throws {
    var constraint = SemanticsTests.constraint(isa)
    constraint.branches = .loops
    let decoder = try decoder(constraint)
    let instructions = try Self.instructions(isa, each: Scale.of(1, full: 20), seed: 4)
    var random = SplitMix64(seed: 5)
    var compared = 0
    var wrong: [String] = []
    for _ in 0..<Scale.of(4, full: 60) {
      var matcher = decoder.matcher()
      for _ in 0..<12 where !matcher.isCompleted {
        let result = decoder.judgements(of: instructions, at: matcher)
        compared += result.compared
        wrong += result.wrong
        // One more instruction, by the bytes that the masks allow.
        repeat {
          guard
            let token = matcher.allowedTokens().filter({ $0 < 256 }).randomElement(using: &random),
            matcher.accept(token: token)
          else { break }
        } while !matcher.isBetweenInstructions
      }
    }
    #expect(compared > 1_000)
    #expect(
      wrong.isEmpty, "\(wrong.count) of \(compared): \(wrong.prefix(5).joined(separator: "\n"))")
    try EvidencePage.note(
      "judgements of instructions, with and without the state after them", isa, compared: compared,
      wrong: wrong.count)
  }
}
