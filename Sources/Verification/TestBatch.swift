import Contracts
import MachineModel
import Terms

/// The tests of a bank, run all at once. It says what `Replay` says with everything undefined zero, and
/// leaves to it what only a run of its own tells.
final class TestBatch {
  /// What the code does on one test.
  enum Outcome {
    case unknown
    /// It stops before its end, since it violates this.
    case failed(ObligationKind)
    case tooLong
    /// It gets to its end with these outputs and buffers, and violates this, if anything.
    case ended(ObligationKind?, outputs: [String: BitVector], buffers: [[BitVector]])
  }

  private let contract: Contract
  private let layout: Layout
  private let inputs: [ConcreteInput]
  private var machine: LaneMachine
  /// By input, what the code has to leave as it found it.
  private let kept: [[(Preserved.Part, BitVector)]]
  /// Nil for a postcondition that is evaluated for each test apart.
  private var ensures: Postcondition?

  /// Nil where there is nothing to run, or a fragment.
  init?(
    _ contract: Contract, _ layout: Layout, _ architecture: any Architecture,
    _ inputs: [ConcreteInput]
  ) {
    guard !inputs.isEmpty, layout.clobbers == nil else { return nil }
    self.contract = contract
    self.layout = layout
    self.inputs = inputs
    machine = LaneMachine(
      architecture, layout, inputs, instructionLimit: contract.instructionLimit)
    let preserved = Preserved(architecture, layout)
    kept = inputs.map { preserved.values($0.cells, $0.stackPointer) }
    ensures = Postcondition(contract, layout, inputs)
  }

  /// What the code does on each test, and its number of instructions; unknown of tests that come after others with so
  /// many instructions together.
  func run(_ stream: InstructionStream, stepLimit: Int) -> [(outcome: Outcome, steps: Int)] {
    machine.run(stream, stepLimit: stepLimit)
    let lanes = inputs.indices
    let outputs = lanes.map { lane -> [String: BitVector] in
      if case .left = machine.ends[lane] { self.outputs(lane) } else { [:] }
    }
    let isRight = ensures?.holds(outputs)
    return lanes.map { lane in
      let outcome: Outcome
      switch machine.ends[lane] {
      case .running, .unknown: outcome = .unknown
      case .failed(let kind): outcome = .failed(kind)
      case .tooLong: outcome = .tooLong
      case .left(let address):
        let buffers = inputs[lane].buffers.map { machine.elements(of: $0, lane: lane) }
        let violated: ObligationKind? =
          !keeps(lane, address)
          ? .abi
          : isRight?[lane] ?? !violatesEnsures(lane, outputs[lane], buffers) ? nil : .ensures
        outcome = .ended(violated, outputs: outputs[lane], buffers: buffers)
      }
      return (outcome, machine.steps[lane])
    }
  }

  /// Whether the code returned to its caller and left what it has to leave.
  private func keeps(_ lane: Int, _ address: UInt64) -> Bool {
    address == inputs[lane].returnAddress
      && kept[lane].allSatisfy { part, expected in
        if !machine.mayHaveChanged(part.cell), case .unchanged = part.expectation { return true }
        return machine.value(part.cell, lane: lane).extracting(part.high, part.low) == expected
      }
  }

  private func violatesEnsures(
    _ lane: Int, _ outputs: [String: BitVector], _ buffers: [[BitVector]]
  ) -> Bool {
    Replay.violatesEnsures(contract, inputs[lane], outputs, buffers)
  }

  private func outputs(_ lane: Int) -> [String: BitVector] {
    func value(_ register: Register) -> BitVector {
      guard let cell = register.cell else { return .zero(register.width) }
      return machine.value(cell, lane: lane)
        .extracting(register.low + register.width - 1, register.low)
    }
    var outputs: [String: BitVector] = [:]
    for (output, location) in zip(contract.outputs, layout.outputs) {
      switch location {
      case .register(let register): outputs[output.name] = value(register)
      case .registerPair(let low, let high):
        outputs[output.name] = value(high).concatenating(value(low))
      case .stack: break
      }
    }
    return outputs
  }
}
