import MachineModel
import Synchronization

/// A constraint compiled for a vocabulary: shared by any number of matchers and threads.
///
/// Where the constraint does not ask for the machine's state it never changes; tables about that state
/// grow as they are needed, and what they say is exact from the start.
public final class CompiledDecoder: Sendable {
  public let constraint: DecodingConstraint
  public let vocabulary: TokenVocabulary
  /// Each part of the constraint that was asked for, and how it is kept.
  public let report: [ConstraintReport]
  var architecture: any Architecture { plan.architecture }
  let engine: Engine
  let automaton: CodeAutomaton
  private let plan: ConstraintPlan

  /// What matchers work with: tables, or those and what is known of the machine.
  enum Engine: Sendable {
    case lexical(LexicalDecoder)
    case semantic(SharedCore)
  }

  /// - Parameter architecture: the tables of `constraint.isa`.
  /// - Throws: `DecoderError` for a constraint that is refused or not understood, and for a
  ///   vocabulary or budgets with which no code can be completed.
  public convenience init(
    constraint: DecodingConstraint, vocabulary: TokenVocabulary, architecture: any Architecture
  ) throws(DecoderError) {
    try self.init(try ConstraintPlan(constraint, architecture), vocabulary, words: nil)
  }

  /// The decoder of another constraint for the same vocabulary and instruction set.
  ///
  /// Equal to one that is made anew, and sooner made: where the constraints differ in the budgets of
  /// instructions, bytes and tokens alone all tables are shared, which takes microseconds (unless the
  /// vocabulary cannot spell everything, or the machine's state is followed); otherwise what is made
  /// of the vocabulary, and what is known of the effects of instructions.
  ///
  /// - Throws: as `init`.
  public func with(_ constraint: DecodingConstraint) throws(DecoderError) -> CompiledDecoder {
    guard case .lexical(let decoder) = engine else {
      return try CompiledDecoder(
        try ConstraintPlan(constraint, plan.base, effects: plan.effects), vocabulary, words: nil)
    }
    guard constraint.withoutBudgets == self.constraint.withoutBudgets else {
      return try CompiledDecoder(
        try ConstraintPlan(constraint, plan.base, effects: plan.effects), vocabulary,
        words: decoder.tables.words)
    }
    try constraint.checkBudgets()
    return CompiledDecoder(
      plan.with(budgetsOf: constraint), vocabulary, automaton,
      .lexical(try LexicalDecoder(decoder.tables, constraint)))
  }

  private convenience init(
    _ plan: ConstraintPlan, _ vocabulary: TokenVocabulary, words: WordTables?
  ) throws(DecoderError) {
    let constraint = plan.constraint
    try constraint.checkBudgets()
    guard let instructions = plan.base.automaton(of: plan.choice) else {
      throw DecoderError("\(plan.base.name) does not describe its language")
    }
    guard let automaton = CodeAutomaton(instructions) else {
      throw DecoderError("the constraint leaves no instruction that may be the last one")
    }
    let engine: Engine
    if let parts = try CompiledDecoder.machine(constraint, plan) {
      let budget = LexicalWalker.Budget(constraint)
      let walker = Walker(automaton, vocabulary.alphabet, budget, parts)
      engine = .semantic(SharedCore(try DecoderCore(walker, vocabulary, tokens: budget.tokens)))
    } else {
      let tables = LexicalTables(automaton, words ?? WordTables(vocabulary))
      engine = .lexical(try LexicalDecoder(tables, constraint))
    }
    self.init(plan, vocabulary, automaton, engine)
  }

  private init(
    _ plan: ConstraintPlan, _ vocabulary: TokenVocabulary, _ automaton: CodeAutomaton,
    _ engine: Engine
  ) {
    self.plan = plan
    constraint = plan.constraint
    self.vocabulary = vocabulary
    self.automaton = automaton
    self.engine = engine
    report = plan.reports + CompiledDecoder.tokenReport(plan.constraint, engine)
  }

  /// What follows the machine's state; nil where the constraint does not ask for it.
  private static func machine(
    _ constraint: DecodingConstraint, _ plan: ConstraintPlan
  ) throws(DecoderError) -> SemanticParts? {
    guard let rules = try SemanticRules(constraint, plan.architecture) else { return nil }
    let effects = EffectCache(plan.architecture)
    let library = InstructionLibrary(plan.architecture, effects, plan.choice)
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
    _ constraint: DecodingConstraint, _ engine: Engine
  ) -> [ConstraintReport] {
    guard constraint.maximumTokens != nil else { return [] }
    let isNarrowed =
      switch engine {
      case .lexical(let decoder): decoder.tables.words.spellsEverything
      case .semantic: true
      }
    return [
      ConstraintReport(
        name: "tokens",
        enforcement: isNarrowed
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
  public var memory: Int {
    switch engine {
    case .lexical(let decoder): decoder.memory
    case .semantic(let core): core.with { $0.memory }
    }
  }

  /// The program that instructions are, of which budgets are kept; nil if the machine's state forbids
  /// it.
  func program(_ instructions: [[UInt8]]) -> InstructionMatcher.Program? {
    var boundaries: [Int] = []
    var bytes: [UInt8] = []
    for instruction in instructions {
      boundaries.append(bytes.count)
      bytes += instruction
    }
    let isAccepted =
      switch engine {
      case .lexical(let decoder): decoder.accepts(bytes)
      case .semantic(let core): core.with { $0.walker.accepts(bytes, from: $0.start) }
      }
    return isAccepted ? InstructionMatcher.Program(bytes: bytes, boundaries: boundaries) : nil
  }
}

/// A `DecoderCore` that threads take turns in using.
final class SharedCore: Sendable {
  private let core: Mutex<DecoderCore>

  init(_ core: sending DecoderCore) { self.core = Mutex(core) }

  func with<Result: Sendable>(_ body: (DecoderCore) -> Result) -> Result {
    core.withLock { body($0) }
  }
}

/// What a `CompletionSearch` is made of.
struct SemanticParts {
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
}
