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
  var automaton: CodeAutomaton { parts.choice.automaton }
  private let plan: ConstraintPlan
  private let parts: Parts

  /// What decoders have in common that are made from one another.
  private struct Parts {
    let effects: KnownEffects
    let choice: ChosenInstructions
    /// The vocabulary as masks are made from it without the machine's state, and with it.
    var words: WordTables?
    var trie: TokenTrie?
  }

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
    let plan = try ConstraintPlan(constraint, architecture)
    let parts = Parts(effects: KnownEffects(), choice: try ChosenInstructions(plan))
    try self.init(plan, vocabulary, parts)
  }

  /// The decoder of another constraint for the same vocabulary and instruction set.
  ///
  /// Equal to one that is made anew, and sooner made, since it shares what does not differ: all tables where
  /// budgets alone do (unless the vocabulary cannot spell everything, or the machine's state is followed); the
  /// automaton, examples and the instructions that end codes where the choice of instructions is the same, as
  /// with the constraints of two specifications; what is made of the vocabulary; and always what is known of
  /// the effects of instructions, of which each finds what the others have found since as well.
  ///
  /// - Throws: as `init`.
  public func with(_ constraint: DecodingConstraint) throws(DecoderError) -> CompiledDecoder {
    try constraint.checkBudgets()
    let plan = try ConstraintPlan(constraint, self.plan)
    if case .lexical(let decoder) = engine,
      constraint.withoutBudgets == self.constraint.withoutBudgets
    {
      return CompiledDecoder(
        plan, vocabulary, parts, .lexical(try LexicalDecoder(decoder.tables, constraint)))
    }
    let isSame = constraint.ofInstructions == self.constraint.ofInstructions
    let choice = isSame ? parts.choice : try ChosenInstructions(plan)
    let shared = Parts(
      effects: parts.effects, choice: choice, words: parts.words, trie: parts.trie)
    return try CompiledDecoder(plan, vocabulary, shared)
  }

  private convenience init(
    _ plan: ConstraintPlan, _ vocabulary: TokenVocabulary, _ shared: Parts
  ) throws(DecoderError) {
    let constraint = plan.constraint
    try constraint.checkBudgets()
    var parts = shared
    let engine: Engine
    if let found = try CompiledDecoder.machine(constraint, plan, parts, vocabulary) {
      let budget = LexicalWalker.Budget(constraint)
      let trie = parts.trie ?? TokenTrie(TokenTexts(vocabulary) { $0 })
      parts.trie = trie
      let walker = Walker(parts.choice.automaton, vocabulary.alphabet, budget, found)
      engine = .semantic(
        SharedCore(try DecoderCore(walker, vocabulary, trie, tokens: budget.tokens)))
    } else {
      let words = parts.words ?? WordTables(vocabulary)
      parts.words = words
      let tables = LexicalTables(parts.choice.automaton, words)
      engine = .lexical(try LexicalDecoder(tables, constraint))
    }
    self.init(plan, vocabulary, parts, engine)
  }

  private init(
    _ plan: ConstraintPlan, _ vocabulary: TokenVocabulary, _ parts: Parts, _ engine: Engine
  ) {
    self.plan = plan
    self.parts = parts
    constraint = plan.constraint
    self.vocabulary = vocabulary
    self.engine = engine
    report = plan.reports + CompiledDecoder.tokenReport(plan.constraint, engine)
  }

  /// What follows the machine's state; nil where the constraint does not ask for it.
  private static func machine(
    _ constraint: DecodingConstraint, _ plan: ConstraintPlan, _ parts: Parts,
    _ vocabulary: TokenVocabulary
  ) throws(DecoderError) -> SemanticParts? {
    guard let rules = try SemanticRules(constraint, plan.architecture) else { return nil }
    let choice = parts.choice
    let effects = EffectCache(plan.architecture, parts.effects)
    var words =
      vocabulary.spellsEverything
      ? nil : InstructionWords(vocabulary, choice.automaton, plan.architecture)
    var machine = SemanticMachine(rules, Closers(rules, choice, effects, words))
    if words != nil, machine.refusalAtStart != nil {
      // Tokens of several instructions may complete what none of one does: then all positions are listed.
      words = nil
      machine = SemanticMachine(rules, Closers(rules, choice, effects, nil))
    }
    if let refusal = machine.refusalAtStart {
      throw DecoderError(
        "no code that keeps the constraint could be completed by single instructions: "
          + refusal.text(rules))
    }
    return SemanticParts(
      machine: machine, effects: effects,
      examples: ExampleInstructions { choice.examples(rules) }, words: words)
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
      case .semantic(let core):
        core.with {
          $0.walker.mayStand(instructions, from: $0.start)
            && $0.walker.accepts(bytes, from: $0.start)
        }
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
  /// The instructions of a vocabulary of whole ones.
  let words: InstructionWords?
}
