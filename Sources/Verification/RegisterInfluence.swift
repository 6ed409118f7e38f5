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

  /// Runs of more instructions are not repeated, whatever the contract allows.
  private static let stepLimit = 1_000
  /// The seconds after which no other run is begun.
  private static let patience = 1.0

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
  /// when they hold certain other values; more may have such values, above all if the code is slow to run. Of
  /// vector registers those are tried that the run's instructions name.
  public func registers(of input: ConcreteInput) -> [ConcreteInput.Container] {
    let deadline = Deadline(seconds: Self.patience)
    let (usual, trace) = run(input, input.cells)
    if usual.steps >= Self.stepLimit { return [] }
    let operands = trace.flatMap { Array($0.instruction.operands) }
    let named = Set(operands.flatMap(\.registers).compactMap { $0.cell?.index })
    let entries = stream.architecture.registerFile.entries
    let tried = entries.indices.filter { index in
      !defined.contains(index) && (entries[index].sort.width <= 64 || named.contains(index))
    }
    return deciding(among: tried[...], input, usual, until: deadline).map {
      .init(name: entries[$0].name, value: input.cells[$0])
    }
  }

  /// Those cells whose change changes the outcome; where that of all together does not, none is looked for.
  private func deciding(
    among tried: ArraySlice<Int>, _ input: ConcreteInput, _ usual: Outcome,
    until deadline: Deadline
  ) -> [Int] {
    if tried.isEmpty || deadline.hasPassed { return [] }
    var cells = input.cells
    for index in tried {
      var random = SplitMix64(seed: UInt64(index))
      let change = BitVector(width: cells[index].width) { _ in random.next() | 1 }
      cells[index] = cells[index].zip(change, ^)
    }
    if run(input, cells).outcome == usual { return [] }
    if tried.count == 1 { return Array(tried) }
    let middle = tried.startIndex + tried.count / 2
    return deciding(among: tried[..<middle], input, usual, until: deadline)
      + deciding(among: tried[middle...], input, usual, until: deadline)
  }

  private func run(
    _ input: ConcreteInput, _ cells: [BitVector]
  ) -> (outcome: Outcome, trace: [TraceStep]) {
    let machine = ConcreteMachine(
      stream, input, layout: layout, choice: .zeros,
      instructionLimit: contract.instructionLimit.map { Swift.min($0, Self.stepLimit) },
      cells: cells)
    let end = machine.run(stepLimit: Self.stepLimit)
    let outcome = Outcome(
      end: end, steps: machine.steps,
      outputs: Replay.outputs(of: contract, layout, machine),
      buffers: Replay.buffers(of: input, machine))
    return (outcome, machine.trace)
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
