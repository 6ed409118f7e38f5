import BinVerify
import ConstrainedDecoding
import MachineModel
import Terms
import Testing

/// Going back, going on from copies, and matchers made again from their tokens: the same bit for bit.
@Suite struct HistoryTests {
  /// What a matcher says of itself.
  private struct Snapshot: Equatable {
    let row: [Int32]
    let program: InstructionMatcher.Program
    let tokens: [Int32]
    let isCompleted: Bool
    let isTerminated: Bool

    init(_ matcher: InstructionMatcher) {
      var row = [Int32](repeating: -1, count: matcher.decoder.vocabulary.maskWords)
      matcher.fillNextTokenBitmask(into: &row)
      self.row = row
      program = matcher.program
      tokens = matcher.tokens
      isCompleted = matcher.isCompleted
      isTerminated = matcher.isTerminated
    }
  }

  static func constraint(_ isa: String) -> DecodingConstraint {
    var constraint = DecodingConstraint(isa: isa)
    constraint.allowedMnemonics =
      isa == "x86-64" ? ["add", "mov", "neg", "ret"] : ["add", "movz", "ldr", "ret"]
    constraint.maximumInstructions = 6
    constraint.maximumBytes = 22
    constraint.maximumTokens = 60
    return constraint
  }

  /// Digits and pieces of two to nine digits.
  static func vocabulary(_ isa: String) throws -> TokenVocabulary {
    var source = VocabularySource(
      alphabet: .hex(.init()), texts: try texts(isa), random: SplitMix64(seed: 7))
    return try source.next(count: 90, longest: 9, units: .all)
  }

  private static func texts(_ isa: String) throws -> [[UInt8]] {
    let bytes = try decoder(constraint(isa))
    var random = SplitMix64(seed: 6)
    return (0..<40).map { _ in
      TextTree.text(of: bytes.randomProgram(using: &random).program.bytes, .hex(.init()))
    }
  }

  @Test(arguments: ["x86-64", "arm64"]) func historiesAreExact(isa: String) throws {
    let compiled = try decoder(Self.constraint(isa), Self.vocabulary(isa))
    var random = SplitMix64(seed: 9)
    var (comparisons, wrong) = (0, 0)
    func check(_ matcher: InstructionMatcher, _ expected: Snapshot) {
      comparisons += 1
      if Snapshot(matcher) != expected { wrong += 1 }
    }
    for _ in 0..<Scale.of(30, full: 10_000) {
      var matcher = compiled.matcher()
      var snapshots = [Snapshot(matcher)]
      var copies = [matcher]
      for _ in 0..<60 {
        // Mostly on, now and then back.
        if matcher.isTerminated || Int.random(in: 0..<5, using: &random) == 0 {
          let count = Int.random(in: 0...matcher.tokenCount, using: &random)
          let isTaken = matcher.rollback(count)
          let isTooMany = matcher.rollback(matcher.tokenCount + 1)
          #expect(isTaken && !isTooMany)
          snapshots.removeLast(count)
          copies.removeLast(count)
          check(matcher, snapshots[snapshots.count - 1])
        }
        guard let token = matcher.allowedTokens().randomElement(using: &random) else { continue }
        let isAccepted = matcher.accept(token: token)
        #expect(isAccepted)
        snapshots.append(Snapshot(matcher))
        copies.append(matcher)
      }
      // Copies know nothing of what was done to the others.
      for (copy, snapshot) in zip(copies, snapshots) { check(copy, snapshot) }
      check(try #require(compiled.matcher(after: matcher.tokens)), Snapshot(matcher))
      matcher.reset()
      check(matcher, snapshots[0])
    }
    #expect(wrong == 0 && comparisons > 500)
    try EvidencePage.note(
      "matchers after going back, copied, and made again from their tokens", isa,
      compared: comparisons, wrong: wrong)
  }

  /// A decoder made again from what was written down says the same.
  @Test func decodersAreMadeAgain() throws {
    let constraint = Self.constraint("arm64")
    let vocabulary = try Self.vocabulary("arm64")
    let first = try decoder(constraint, vocabulary)
    let second = try decoder(DecodingConstraint(json: constraint.json), vocabulary)
    var random = SplitMix64(seed: 10)
    for _ in 0..<20 {
      let matcher = first.randomProgram(using: &random)
      for count in 0...matcher.tokenCount {
        let tokens = matcher.tokens.prefix(count)
        let one = try #require(first.matcher(after: tokens))
        let other = try #require(second.matcher(after: tokens))
        #expect(Snapshot(one) == Snapshot(other))
      }
    }
  }

  /// A decoder made from another is the one that is made anew: of other budgets, mnemonics and registers.
  @Test(arguments: ["x86-64", "arm64"]) func decodersAreMadeFromOthers(isa: String) throws {
    let vocabulary = try Self.vocabulary(isa)
    var constraints = [Self.constraint(isa)]
    constraints.append(constraints[0])
    constraints[1].maximumInstructions = 2
    constraints[1].maximumTokens = nil
    constraints.append(constraints[0])
    constraints[2].deniedMnemonics = ["add"]
    constraints.append(constraints[2])
    constraints[3].maximumBytes = nil
    constraints.append(constraints[0])
    constraints[4].allowsStores = false
    constraints.append(constraints[0])
    var random = SplitMix64(seed: 12)
    var compiled = try decoder(constraints[0], vocabulary)
    for constraint in constraints {
      compiled = try compiled.with(constraint)
      let anew = try decoder(constraint, vocabulary)
      #expect(compiled.report == anew.report && compiled.constraint == constraint)
      for _ in 0..<3 {
        let tokens = anew.randomProgram(using: &random).tokens.prefix(40)
        for count in 0...tokens.count {
          let one = try #require(compiled.matcher(after: tokens.prefix(count)))
          let other = try #require(anew.matcher(after: tokens.prefix(count)))
          #expect(Snapshot(one) == Snapshot(other))
        }
      }
    }
    var wrong = constraints[0]
    wrong.maximumBytes = 0
    #expect(throws: DecoderError.self) { try compiled.with(wrong) }
    wrong = constraints[0]
    wrong.isa = isa == "arm64" ? "x86-64" : "arm64"
    #expect(throws: DecoderError.self) { try compiled.with(wrong) }
    wrong = constraints[0]
    wrong.maximumTokens = 1
    wrong.endsInReturn = true
    #expect(throws: DecoderError.self) { try compiled.with(wrong) }
  }
}
