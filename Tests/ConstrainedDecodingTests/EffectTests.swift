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

  /// Visits the boundaries of random programs, written by the bytes that the masks allow.
  private static func visit(
    _ decoder: CompiledDecoder, programs: Int, instructions: Int, using random: inout SplitMix64,
    _ body: (InstructionMatcher) -> Void
  ) {
    for _ in 0..<programs {
      var matcher = decoder.matcher()
      for _ in 0..<instructions where !matcher.isCompleted {
        body(matcher)
        repeat {
          guard
            let token = matcher.allowedTokens().filter({ $0 < 256 }).randomElement(using: &random),
            matcher.accept(token: token)
          else { break }
        } while !matcher.isBetweenInstructions
      }
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

  /// Instructions that say more than others like them: an index that is a base, a product that is a copy, masks.
  @Test(arguments: [
    ("x86-64", "or si, word ptr [1*rbx + 1]"), ("x86-64", "lea rax, [1*rbx + 8]"),
    ("x86-64", "imul r9, rsi, 1"), ("x86-64", "imul rbp, qword ptr [r15 - 8], 1"),
    ("x86-64", "and rax, 255"), ("x86-64", "or eax, -256"), ("x86-64", "add rsp, 24"),
    ("x86-64", "xor eax, eax"), ("x86-64", "mul rax"), ("x86-64", "mov rax, [rax + 8]"),
    ("arm64", "ldr x0, [x1, xzr]"), ("arm64", "and x0, x1, #255"), ("arm64", "add sp, sp, #16"),
    ("arm64", "eor x0, x0, x0"), ("arm64", "ldp x0, x1, [x2], #16"),
    ("arm64", "add x0, x1, #1, lsl #12"), ("arm64", "movk x3, #255, lsl #16"),
    ("arm64", "movn w0, #0"), ("arm64", "pmull v0.1q, v1.1d, v1.1d"),
    ("arm64", "tbx v0.16b, {v0.16b}, v0.16b"), ("x86-64", "vpclmulqdq xmm1, xmm2, xmm2, 17"),
    ("x86-64", "gf2p8affineinvqb xmm1, xmm1, 3"), ("x86-64", "aesenc xmm1, xmm1"),
  ])
  func specialCasesAreTold(isa: String, text: String) throws {
    let instruction = try Self.architecture(isa).parse(text, at: 0, labels: [:])
    let decoder = try #require(SemanticsTests.decoders[isa])
    #expect(decoder.wrongEffects(among: [instruction]).isEmpty)
    // After others like them have made the templates.
    let others = try Self.instructions(isa, each: 1, seed: 6).filter {
      $0.form == instruction.form
    }
    #expect(decoder.wrongEffects(among: others + [instruction]).isEmpty)
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
    Self.visit(decoder, programs: Scale.of(4, full: 60), instructions: 12, using: &random) {
      let result = decoder.judgements(of: instructions, at: $0)
      compared += result.compared
      wrong += result.wrong
    }
    #expect(compared > 1_000)
    #expect(
      wrong.isEmpty, "\(wrong.count) of \(compared): \(wrong.prefix(5).joined(separator: "\n"))")
    try EvidencePage.note(
      "judgements of instructions, with and without the state after them", isa, compared: compared,
      wrong: wrong.count)
  }

  /// An instruction that is kept instead of another one may stand wherever that one may.
  @Test(arguments: ["x86-64", "arm64"]) func replacementsStandWhereOthersMay(isa: String) throws {
    var random = SplitMix64(seed: 8)
    var compared = 0
    var wrong: [String] = []
    for branches in [DecodingConstraint.Branches.loops, .none] {
      var constraint = SemanticsTests.constraint(isa)
      constraint.branches = branches
      let decoder = try decoder(constraint)
      let some = try Self.instructions(isa, each: 1, seed: 9).shuffled(using: &random).prefix(300)
      Self.visit(decoder, programs: Scale.of(3, full: 60), instructions: 8, using: &random) {
        let result = decoder.replacements(among: Array(some), at: $0)
        compared += result.compared
        wrong += result.wrong
      }
    }
    #expect(compared > 10_000)
    #expect(
      wrong.isEmpty, "\(wrong.count) of \(compared): \(wrong.prefix(5).joined(separator: "\n"))")
    try EvidencePage.note(
      "pairs of instructions of which one is tried instead of the other", isa, compared: compared,
      wrong: wrong.count)
  }

  /// Candidates are the same in the same order, however what was not asked for yet is kept.
  @Test(arguments: ["x86-64", "arm64"]) func candidatesGoOnWhereTheyStopped(isa: String) throws {
    var random = SplitMix64(seed: 11)
    let some = try Self.instructions(isa, each: 1, seed: 10).shuffled(using: &random)
    let decoder = try decoder(SemanticsTests.constraint(isa))
    let result = decoder.candidates(ofBeginnings: Array(some.prefix(Scale.of(150, full: 3_000))))
    #expect(result.compared > 300)
    #expect(
      result.wrong.isEmpty,
      "\(result.wrong.count) of \(result.compared): \(result.wrong.prefix(5).joined(separator: "\n"))"
    )
  }

  /// Numbers that are not told apart make no difference.
  @Test func numbersThatAreNotToldApartMakeNoDifference() throws {
    let decoder = try #require(SemanticsTests.decoders["x86-64"])
    let instructions = try Self.instructions("x86-64", each: Scale.of(8, full: 400), seed: 10)
    let result = decoder.numbers(in: instructions)
    #expect(result.compared > 1_000)
    #expect(
      result.wrong.isEmpty,
      "\(result.wrong.count) of \(result.compared): \(result.wrong.prefix(5).joined(separator: "\n"))"
    )
    try EvidencePage.note(
      "effects of instructions with numbers that are not told apart", "x86-64",
      compared: result.compared, wrong: result.wrong.count)
  }
}
