import MachineModel
import Terms

/// The semantics of an instruction, or of some that follow one another: terms over the cells before
/// it, with its accesses in order.
package struct LiftedInstruction {
  package let terms: TermManager
  /// The variables of the cells before the instruction.
  package let before: [Term]
  /// The cells after it.
  package let after: [Term]
  package let nextInstruction: Term
  package let faults: [MachineState.FaultCondition]
  package let accesses: [Access]

  package init(_ instruction: Instruction, of architecture: some Architecture) {
    let terms = TermManager()
    self.init(
      [instruction], terms,
      before: architecture.registerFile.entries.map { terms.variable($0.name, $0.sort) })
  }

  /// Lifts over variables that are there already.
  init(_ code: [Instruction], _ terms: TermManager, before: [Term]) {
    self.terms = terms
    self.before = before
    var state = MachineState(
      terms: terms, cells: before, memory: AccessLog(),
      nextInstruction: terms.constant(0, width: 64))
    for instruction in code {
      state.nextInstruction = terms.constant(instruction.end, width: 64)
      instruction.form.family.execute(instruction, &state)
    }
    after = state.cells
    nextInstruction = state.nextInstruction
    faults = state.faults
    accesses = (state.memory as? AccessLog)?.accesses ?? []
  }

  /// Every term that has to be evaluated.
  package var roots: [Term] { after + outcomes }

  /// Those besides the cells.
  var outcomes: [Term] {
    [nextInstruction] + accesses.flatMap { [$0.address, $0.value, $0.condition] }
      + faults.map(\.condition)
  }
}
