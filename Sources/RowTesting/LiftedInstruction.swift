import MachineModel
import Terms

/// One instruction as terms over the cells before it, with its accesses in order.
package struct LiftedInstruction {
  package struct Access {
    package let address: Term
    package let byteCount: Int
    /// What is stored, or the variable that stands for what is loaded.
    package let value: Term
    package let isStore: Bool
  }

  /// A memory that writes down what is asked of it.
  private struct Log: Memory {
    var accesses: [Access] = []

    mutating func load(
      _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
    ) -> Term {
      let value = terms.variable("load\(accesses.count)", width: 8 * byteCount)
      accesses.append(
        Access(address: address, byteCount: byteCount, value: value, isStore: false))
      return value
    }

    mutating func store(
      _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
    ) {
      let byteCount = terms.width(value) / 8
      accesses.append(Access(address: address, byteCount: byteCount, value: value, isStore: true))
    }
  }

  package let terms = TermManager()
  /// The variables of the cells before the instruction.
  package let before: [Term]
  /// The cells after it.
  package let after: [Term]
  package let nextInstruction: Term
  package let accesses: [Access]
  package let faults: [MachineState.FaultCondition]

  package init(_ instruction: Instruction, of architecture: some Architecture) {
    let terms = terms
    before = architecture.registerFile.entries.map { terms.variable($0.name, $0.sort) }
    var state = MachineState(
      terms: terms, cells: before, memory: Log(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    instruction.form.family.execute(instruction, &state)
    after = state.cells
    nextInstruction = state.nextInstruction
    accesses = (state.memory as? Log)?.accesses ?? []
    faults = state.faults
  }

  /// Every term that has to be evaluated.
  package var roots: [Term] {
    after + [nextInstruction] + accesses.flatMap { [$0.address, $0.value] }
      + faults.map(\.condition)
  }
}
