import MachineModel
import Synchronization

/// A constraint compiled for a vocabulary: shared by any number of matchers and threads.
///
/// Its tables grow as states are first visited; what they say is exact from the start.
public final class CompiledDecoder: Sendable {
  public let constraint: DecodingConstraint
  public let vocabulary: TokenVocabulary
  /// Each part of the constraint that was asked for, and how it is kept.
  public let report: [ConstraintReport]
  let architecture: any Architecture
  private let core: Mutex<DecoderCore>

  /// - Parameter architecture: the tables of `constraint.isa`.
  /// - Throws: `DecoderError` for a constraint that is refused or not understood, and for a
  ///   vocabulary or budgets with which no code can be completed.
  public init(
    constraint: DecodingConstraint, vocabulary: TokenVocabulary, architecture: any Architecture
  ) throws(DecoderError) {
    let plan = try ConstraintPlan(constraint, architecture)
    for limit in [
      constraint.maximumInstructions, constraint.maximumBytes, constraint.maximumTokens,
    ] {
      if let limit, limit < 1 { throw DecoderError("a budget of \(limit)") }
    }
    guard let all = architecture.language(of: plan.choice(isLast: false)),
      let last = architecture.language(of: plan.choice(isLast: true))
    else { throw DecoderError("\(architecture.name) does not describe its language") }
    guard let automaton = CodeAutomaton.make(all, last) else {
      throw DecoderError("the constraint leaves no instruction that may be the last one")
    }
    let core = try DecoderCore(
      automaton, vocabulary, limits: (constraint.maximumInstructions, constraint.maximumBytes),
      tokens: constraint.maximumTokens)
    self.constraint = constraint
    self.vocabulary = vocabulary
    self.architecture = plan.architecture
    report = plan.reports + CompiledDecoder.tokenReport(constraint, vocabulary)
    self.core = Mutex(core)
  }

  private static func tokenReport(
    _ constraint: DecodingConstraint, _ vocabulary: TokenVocabulary
  ) -> [ConstraintReport] {
    guard constraint.maximumTokens != nil else { return [] }
    return [
      ConstraintReport(
        name: "tokens",
        enforcement: vocabulary.spellsEverything
          ? .narrowed("room is kept to complete the code one unit of text at a time")
          : .enforced)
    ]
  }

  /// A matcher at the start of the code.
  public func matcher() -> InstructionMatcher { InstructionMatcher(self) }

  /// The bytes that the shared tables and masks take now.
  public var memory: Int { core.withLock { $0.memory } }

  func withCore<Result: Sendable>(_ body: (DecoderCore) -> Result) -> Result {
    core.withLock { body($0) }
  }
}

extension CodeAutomaton {
  /// The automaton of two languages of the same architecture.
  static func make(
    _ all: some InstructionLanguage, _ last: some InstructionLanguage
  ) -> CodeAutomaton? {
    CodeAutomaton(all: all, last: last)
  }
}
