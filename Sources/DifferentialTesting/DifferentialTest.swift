import MachineModel
import NativeExecution
import Terms

/// A state in which the model and the machine end differently.
package struct Disagreement: Sendable, CustomStringConvertible {
  package let description: String
}

/// Why an instruction cannot be compared with a machine.
package struct Untestable: Error, CustomStringConvertible {
  package let description: String
}

/// Compares the semantics of instructions with a machine that runs them.
///
/// All registers, the scratch memory, the landing address and all flags are compared; a bit that
/// differs between all undefined values zero and all of them ones is undefined in that state, and
/// ignored. Model and machine are both functions from `StateTable` to `StateTable`.
package struct DifferentialTest: Sendable {
  /// Changes the general words of a state before it is aimed, so that rare cases happen.
  package typealias Preparation =
    @Sendable (UnsafeMutablePointer<UInt64>, inout RandomBits) -> Void

  private let architecture: any Architecture
  private let runner: any NativeRunner
  private let layout: StateLayout
  private let isAtomic: @Sendable (Instruction) -> Bool
  private let prepare: @Sendable (Instruction) -> Preparation?

  /// - Parameters:
  ///   - isAtomic: whether an access of an instruction locks the whole machine where it crosses a
  ///     cache line, which systems punish with long delays; such states are left out.
  ///   - prepare: what has to be done to an instruction's states, if anything.
  package init(
    _ architecture: any Architecture, on runner: any NativeRunner, layout: StateLayout,
    isAtomic: @escaping @Sendable (Instruction) -> Bool = { _ in false },
    prepare: @escaping @Sendable (Instruction) -> Preparation? = { _ in nil }
  ) {
    self.isAtomic = isAtomic
    self.architecture = architecture
    self.runner = runner
    self.layout = layout
    self.prepare = prepare
  }

  /// Runs each instruction from so many random states, of which those are left out that the model does
  /// not follow. It is the last of some code at `Scratch.code`, mostly its only one.
  ///
  /// - Returns: how many states were compared, and where machine and model disagree (a few at most).
  /// - Throws: `NativeError` when the machine cannot be run; `AssemblyError` for an instruction
  ///   without an encoding; `Untestable`.
  package func compare(
    _ codes: [[Instruction]], states: Int, random: inout RandomBits
  ) throws -> (states: Int, disagreements: [Disagreement]) {
    // One arena for all: they share the variables.
    let terms = TermManager()
    let before = architecture.registerFile.entries.map { terms.variable($0.name, $0.sort) }
    var result: (states: Int, disagreements: [Disagreement]) = (0, [])
    var trials: [Trial] = []
    var wordCount = 0
    for (index, code) in codes.enumerated() {
      let lifted = LiftedInstruction(code, terms, before: before)
      let trial = try trial(code, lifted, states, &random)
      trials.append(trial)
      wordCount += trial.batch.states.count
      guard wordCount > DifferentialTest.wordLimit || index + 1 == codes.count else {
        continue
      }
      let outcomes = try runner.run(trials.map(\.batch), timeout: 600)
      for (trial, outcomes) in zip(trials, outcomes) where result.disagreements.count < 8 {
        result.disagreements += trial.disagreements(
          outcomes, layout, architecture, runner.isa)
        result.states += trial.start.count
      }
      (trials, wordCount) = ([], 0)
    }
    return result
  }

  /// About how many words of states go to the machine at a time: as many as caches hold.
  private static let wordLimit = 1 << 17

  private func trial(
    _ code: [Instruction], _ lifted: LiftedInstruction, _ count: Int,
    _ random: inout RandomBits
  ) throws -> Trial {
    let instruction = code[code.count - 1]
    var model = InstructionModel(instruction, lifted, layout, isAtomic: isAtomic(instruction)) {
      isStricter($0, than: instruction.form)
    }
    for cell in model.reads + model.writes
    where layout.places[cell] == nil && !layout.hidden.contains(cell) {
      throw Untestable(
        description: "the machine's state has no \(architecture.registerFile.entries[cell].name)")
    }
    let vectors = (model.reads + model.writes).contains { layout.isVector($0) }
    var start = RandomStates(model, layout, vectors: vectors).table(count, &random)
    if let prepare = prepare(instruction) {
      start.forEachChunk { _, chunk in
        for lane in 0..<chunk.count { prepare(chunk.row(lane), &random) }
      }
    }
    model.aim(&start, &random)
    let bytes = try code.flatMap { try architecture.encode($0) }
    return Trial(&model, start, vectors: vectors, code: bytes)
  }

  /// Whether machines may go on where the model faults: it does not follow changes of system flags,
  /// emulators and the SHA instructions of some CPUs do not check the alignment that the manual
  /// demands (Intel SDM, volume 2, 2.4, exceptions type 4).
  private func isStricter(_ fault: Fault, than form: Form) -> Bool {
    fault == .systemFlag
      || fault == .misaligned && (form.feature == "SHA" || runner.isa == .arm64)
  }
}
