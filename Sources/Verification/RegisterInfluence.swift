import Contracts
import MachineModel
import Terms

/// Tells which registers and flags that nothing defines at entry decide what a run comes to, by running the
/// code with others.
public struct RegisterInfluence {
  /// What a run comes to.
  private struct Outcome: Hashable {
    let end: ConcreteMachine.End
    let steps: Int
    let outputs: [String: BitVector]
    let buffers: [[BitVector]]
  }

  /// Runs of more instructions are not repeated.
  private static let stepLimit = 1_000

  private let stream: InstructionStream
  private let contract: Contract
  private let layout: Layout
  /// The cells that the contract or the calling convention gives a value.
  private let defined: Set<Int>

  /// Throws `SpecificationError` where the contract's parameters cannot be passed.
  public init(
    _ code: Code, _ architecture: any Architecture, _ contract: Contract
  ) throws(SpecificationError) {
    stream = InstructionStream(code, architecture)
    self.contract = contract
    layout = try contract.layout(for: architecture)
    let convention = architecture.convention
    var registers = [convention.stackPointer] + layout.arguments.flatMap(\.registers)
    if case .register(let register) = convention.returnAddress { registers.append(register) }
    defined = Set(
      registers.compactMap { $0.cell?.index } + convention.fixedFlags.map { $0.0.cell.index })
  }

  /// The registers and flags with what `input` has in them, of which the code comes to something else on it
  /// when all their bits are other ones; more may have such values.
  public func registers(of input: ConcreteInput) -> [ConcreteInput.Container] {
    let usual = outcome(input, input.cells)
    if usual.steps >= Self.stepLimit { return [] }
    let entries = stream.architecture.registerFile.entries
    return entries.indices.filter { !defined.contains($0) }.compactMap { index in
      var cells = input.cells
      cells[index] = cells[index].complement()
      return outcome(input, cells) == usual
        ? nil : .init(name: entries[index].name, value: input.cells[index])
    }
  }

  private func outcome(_ input: ConcreteInput, _ cells: [BitVector]) -> Outcome {
    let machine = ConcreteMachine(
      stream, input, layout: layout, choice: .zeros, instructionLimit: contract.instructionLimit,
      cells: cells)
    let end = machine.run(stepLimit: Self.stepLimit, traceLimit: 0)
    return Outcome(
      end: end, steps: machine.steps,
      outputs: Replay.outputs(of: contract, layout, machine),
      buffers: Replay.buffers(of: input, machine))
  }
}

extension ValueLocation {
  fileprivate var registers: [Register] {
    switch self {
    case .register(let register): [register]
    case .registerPair(let low, let high): [low, high]
    case .stack: []
    }
  }
}
