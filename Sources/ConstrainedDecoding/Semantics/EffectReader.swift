import MachineModel
import Terms

/// Runs instructions' closures on unknown values and reads off what they do.
///
/// A class for its arena of terms; it is used under the lock of `CompiledDecoder`.
final class EffectReader {
  let parts: RegisterParts
  private let file: RegisterFile
  /// Where a return finds the caller's address in a register; `unknown` where it is on the stack.
  let link: InstructionEffect.Source
  @exclusivity(unchecked) private(set) var terms = TermManager()
  @exclusivity(unchecked) private var before: [Term] = []
  @exclusivity(unchecked) private(set) var cellOfVariable: [Term: Int] = [:]
  /// The displacement and the immediate where they are left open.
  @exclusivity(unchecked) private(set) var displacement: Term
  @exclusivity(unchecked) private var anyImmediate: Term
  /// The immediate of the instruction at hand.
  @exclusivity(unchecked) private(set) var immediate: Term
  @exclusivity(unchecked) private(set) var negatedImmediate: Term
  /// The terms that one instruction's reading has come to, and those that its reading of a flag has.
  @exclusivity(unchecked) var seen = SeenTerms()
  @exclusivity(unchecked) var seenOfFlag = SeenTerms()
  /// Where the code stands: nothing that it may depend on.
  @exclusivity(unchecked) private(set) var place: Term

  /// Whether functions with large terms are taken for what they depend on.
  private let isSummarizing: Bool

  /// As many terms are kept before all are forgotten: few enough for a near cache.
  private static let termLimit = 1 << 15

  /// - Parameter isSummarizing: false to have every term made, to compare with.
  init(_ architecture: any Architecture, isSummarizing: Bool = true) {
    self.isSummarizing = isSummarizing
    file = architecture.registerFile
    (displacement, anyImmediate, place) = EffectReader.variables(terms)
    immediate = anyImmediate
    negatedImmediate = terms.negate(anyImmediate)
    link =
      if case .register(let register) = architecture.convention.returnAddress,
        let cell = register.cell
      { .sum(cell: cell.index, 0) } else { .unknown }
    parts = RegisterParts(file)
    begin()
  }

  private func begin() {
    terms = TermManager()
    if isSummarizing { terms.summarize() }
    (displacement, anyImmediate, place) = EffectReader.variables(terms)
    immediate = anyImmediate
    negatedImmediate = terms.negate(anyImmediate)
    before = file.entries.map { terms.variable($0.name, $0.sort) }
    cellOfVariable = Dictionary(
      uniqueKeysWithValues: before.enumerated().map { ($0.element, $0.offset) })
  }

  private static func variables(_ terms: TermManager) -> (Term, Term, Term) {
    (
      terms.variable("displacement", width: 64), terms.variable("immediate", width: 64),
      terms.variable("place", width: 64, origin: .undefined("where the code stands"))
    )
  }

  /// What an instruction does, wherever it stands.
  ///
  /// - Parameter isOpen: whether to leave the displacement of its memory operand open.
  func effect(of instruction: Instruction, isOpen: Bool = false) -> InstructionEffect {
    run(instruction, isOpen: isOpen).effect
  }

  /// The same with the immediate left open as well; nil if that is not asked for or it is not read as an operand.
  func effect(
    of instruction: Instruction, isOpen: Bool, _ pattern: ImmediatePattern?
  ) -> InstructionEffect? {
    guard let pattern else { return nil }
    let (effect, reads) = run(instruction, isOpen: isOpen, pattern)
    return reads > 0 ? effect : nil
  }

  /// An immediate of which only what a pattern says is known.
  private func immediate(_ pattern: ImmediatePattern) -> Term {
    ImmediatePattern.parts.map { part in
      pattern.value(of: part).map { terms.constant($0, width: part.width) }
        ?? terms.extract(anyImmediate, part.low + part.width - 1, part.low)
    }.reduce(nil) { low, high in low.map { terms.concat(high, $0) } ?? high } ?? anyImmediate
  }

  private func run(
    _ instruction: Instruction, isOpen: Bool, _ pattern: ImmediatePattern? = nil
  ) -> (effect: InstructionEffect, openImmediates: Int) {
    if terms.count > EffectReader.termLimit { begin() }
    var state = MachineState(
      terms: terms, cells: before, memory: AccessLog(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    state.codeSlide = place
    if isOpen { state.displacement = displacement }
    if let pattern {
      immediate = immediate(pattern)
      negatedImmediate = terms.negate(immediate)
      state.immediate = immediate
    }
    let end = state.nextInstruction
    instruction.form.family.execute(instruction, &state)
    let log = state.memory as? AccessLog ?? AccessLog()
    var reading = Reading(
      self, InstructionEffect(length: instruction.length, flow: instruction.form.family.flow), log)
    reading.registers(before, state.cells)
    reading.memory()
    reading.control(state, end, instruction)
    return (reading.effect, state.openImmediates)
  }
}
