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
    let walker = Walker(
      automaton, vocabulary.alphabet, (constraint.maximumInstructions, constraint.maximumBytes),
      try CompiledDecoder.machine(constraint, plan))
    let core = try DecoderCore(walker, vocabulary, tokens: constraint.maximumTokens)
    self.constraint = constraint
    self.vocabulary = vocabulary
    self.architecture = plan.architecture
    report = plan.reports + CompiledDecoder.tokenReport(constraint, vocabulary)
    self.core = Mutex(core)
  }

  /// What follows the machine's state; nil where the constraint does not ask for it.
  private static func machine(
    _ constraint: DecodingConstraint, _ plan: ConstraintPlan
  ) throws(DecoderError) -> SemanticParts? {
    guard let rules = try SemanticRules(constraint, plan.architecture) else { return nil }
    let effects = EffectCache(plan.architecture)
    let library = InstructionLibrary(plan.architecture, effects, plan.choice(isLast: false))
    let machine = SemanticMachine(rules, Closers(rules, library))
    if let refusal = machine.refusalAtStart {
      throw DecoderError(
        "no code that keeps the constraint could be completed by single instructions: "
          + refusal.text(rules))
    }
    return SemanticParts(
      machine: machine, effects: effects, examples: ExampleInstructions(library.examples(rules)))
  }

  private static func tokenReport(
    _ constraint: DecodingConstraint, _ vocabulary: TokenVocabulary
  ) -> [ConstraintReport] {
    guard constraint.maximumTokens != nil else { return [] }
    return [
      ConstraintReport(
        name: "tokens",
        enforcement: vocabulary.spellsEverything || constraint.isSemantic
          ? .narrowed("room is kept to complete the code one unit of text at a time")
          : .enforced)
    ]
  }

  /// A matcher at the start of the code.
  public func matcher() -> InstructionMatcher { InstructionMatcher(self) }

  /// The matcher that has accepted `tokens`; nil if one of them is refused.
  public func matcher(after tokens: some Sequence<Int32>) -> InstructionMatcher? {
    var matcher = matcher()
    for token in tokens where !matcher.accept(token: Int(token)) { return nil }
    return matcher
  }

  /// The bytes that the shared tables and masks take now.
  public var memory: Int { core.withLock { $0.memory } }

  /// How many instructions there are, and how many that may be the last.
  func counts() throws(DecoderError) -> (all: InstructionCounts, last: InstructionCounts) {
    let made = core.withLock { core in
      Result { () throws(DecoderError) in
        let automaton = core.walker.automaton
        return (
          all: try InstructionCounts(automaton.all), last: try InstructionCounts(automaton.last)
        )
      }
    }
    return try made.get()
  }

  /// The program that instructions are; nil if the machine's state forbids it.
  func program(_ instructions: [[UInt8]]) -> InstructionMatcher.Program? {
    core.withLock { core in
      var boundaries: [Int] = []
      var bytes: [UInt8] = []
      for instruction in instructions {
        boundaries.append(bytes.count)
        bytes += instruction
      }
      guard core.walker.accepts(bytes, from: core.start) else { return nil }
      return InstructionMatcher.Program(bytes: bytes, boundaries: boundaries)
    }
  }

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

/// What a `CompletionSearch` is made of.
struct SemanticParts {
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
}
