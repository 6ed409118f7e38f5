import MachineModel
import Synchronization

/// A choice of instructions and what was found among them, for decoders that are made from one another.
/// Threads may share it.
final class ChosenInstructions: Sendable {
  let automaton: CodeAutomaton
  private let architecture: any Architecture
  private let choice: InstructionChoice
  private let made = Mutex(Made())

  private struct Made {
    var samples: InstructionSamples?
    var findings: [Closers.Conditions: Closers.Findings] = [:]
    var examples: [OperandValues: [UInt128]] = [:]
  }

  /// - Throws: `DecoderError` where no instruction may be the last one.
  init(_ plan: ConstraintPlan) throws(DecoderError) {
    architecture = plan.architecture
    choice = plan.choice
    guard let instructions = plan.base.automaton(of: choice) else {
      throw DecoderError("\(plan.base.name) does not describe its language")
    }
    guard let automaton = CodeAutomaton(instructions) else {
      throw DecoderError("the constraint leaves no instruction that may be the last one")
    }
    self.automaton = automaton
  }

  /// Some of the instructions.
  var samples: InstructionSamples {
    made.withLock { made in
      if let samples = made.samples { return samples }
      let samples = InstructionSamples(architecture, choice)
      made.samples = samples
      return samples
    }
  }

  /// What was found to end codes.
  func findings(_ conditions: Closers.Conditions) -> Closers.Findings {
    made.withLock { $0.findings[conditions] ?? Closers.Findings() }
  }

  func keep(_ findings: Closers.Findings, for conditions: Closers.Conditions) {
    made.withLock { $0.findings[conditions] = findings }
  }

  // MARK: Examples

  /// By how much stack pointers move in examples.
  private static let frame: Int64 = 16

  /// Every form with the registers and pointers that have a value at entry, and the stack; the bytes are as in
  /// `Position.begun`.
  func examples(_ rules: SemanticRules) -> [UInt128] {
    let known = rules.entry
    let cells = known.values.indices.filter {
      rules.parts.all(of: $0).intersects(known.defined) && $0 != rules.stackPointer
    }
    let vectors = rules.file.cells.filter { rules.file[$0].sort.width > 64 }.map(\.index)
    let general = cells.first { !vectors.contains($0) } ?? 0
    let vector = cells.first { vectors.contains($0) } ?? vectors.first ?? 0
    var result: [UInt128] = []
    for cell in (cells + [0]).prefix(6) {
      var values =
        vectors.contains(cell)
        ? OperandValues(general: general, vector: cell)
        : OperandValues(general: cell, vector: vector)
      values.base = cells.first { known.values[$0].kind == .buffer }
      result += examples(values)
      (values.base, values.displacement) = (rules.stackPointer, -8)
      result += examples(values)
    }
    return result
      + examples(
        OperandValues(
          general: rules.stackPointer, vector: vector, immediate: ChosenInstructions.frame))
  }

  /// The samples with other operands: those with immediates alone, where one is given.
  private func examples(_ values: OperandValues) -> [UInt128] {
    if let known = made.withLock({ $0.examples[values] }) { return known }
    let samples = samples
    let result = samples.sequential.filter { values.immediate == nil || $0.hasImmediate }
      .compactMap { samples.bytes(of: $0, with: values)?.begun }
    made.withLock { $0.examples[values] = result }
    return result
  }
}
