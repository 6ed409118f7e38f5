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
    /// It gets to its end and violates this, if anything; the share of the outcome's bits that are right.
    case ended(ObligationKind?, agreement: Double)
  }

  private let contract: Contract
  private let tests: [TestBank.Test]
  private var machine: LaneMachine
  private let preserved: LanePreserved
  /// By output of the contract; nil of those that are not in registers.
  private let outputs: [LaneValue?]
  /// By test, an outcome that is allowed.
  private let wanted: [WantedOutcome?]
  /// Nil for a postcondition that is evaluated for each test apart.
  private var ensures: Postcondition?

  /// Nil where there is nothing to run, or a fragment.
  init?(
    _ contract: Contract, _ layout: Layout, _ architecture: any Architecture,
    _ tests: [TestBank.Test]
  ) {
    let inputs = tests.map(\.input)
    guard !tests.isEmpty, layout.clobbers == nil else { return nil }
    let machine = LaneMachine(
      architecture, layout, inputs, instructionLimit: contract.instructionLimit)
    guard let preserved = LanePreserved(Preserved(architecture, layout), inputs, machine)
    else { return nil }
    let outputs = layout.outputs.map { LaneValue($0, machine) }
    self.contract = contract
    self.tests = tests
    self.machine = machine
    self.preserved = preserved
    self.outputs = outputs
    wanted = tests.map { test in
      test.allowed.map { WantedOutcome($0, test.input, contract, outputs) }
    }
    ensures = Postcondition(contract, layout, inputs, machine)
  }

  /// What the code does on each test, and its number of instructions; unknown of tests that come after others with so
  /// many instructions together.
  func run(_ stream: InstructionStream, stepLimit: Int) -> [(outcome: Outcome, steps: Int)] {
    machine.run(stream, stepLimit: stepLimit)
    let machine = machine
    let isRight = ensures?.holds(machine)
    return tests.indices.map { lane in
      let outcome: Outcome
      switch machine.ends[lane] {
      case .running, .unknown: outcome = .unknown
      case .failed(let kind): outcome = .failed(kind)
      case .tooLong: outcome = .tooLong
      case .left(let address):
        let violated = violated(machine, lane, at: address, isRight?[lane])
        let agreement = violated == nil ? 1 : wanted[lane]?.agreement(machine, lane: lane) ?? 0
        outcome = .ended(violated, agreement: agreement)
      }
      return (outcome, machine.steps[lane])
    }
  }

  /// What a lane violates that left the code.
  /// - Parameter isRight: whether the postcondition holds, where that is known.
  private func violated(
    _ machine: LaneMachine, _ lane: Int, at address: UInt64, _ isRight: Bool?
  ) -> ObligationKind? {
    let isKept =
      address == tests[lane].input.returnAddress && preserved.holds(machine, lane: lane)
    if !isKept { return .abi }
    return isRight ?? !violatesEnsures(lane) ? nil : .ensures
  }

  /// What a lane's outcome shows to be wrong, where that needs no run of its own.
  func refutation(_ outcome: Outcome, lane: Int) -> Refutation? {
    guard case .ended(let violated?, _) = outcome, case .left(let address) = machine.ends[lane]
    else { return nil }
    if violated == .ensures { return .wrongOutcome }
    if address != tests[lane].input.returnAddress { return .returns(to: address) }
    return preserved.refutation(machine, lane: lane)
  }

  /// Whether an outcome makes the postcondition false, by itself.
  private func violatesEnsures(_ lane: Int) -> Bool {
    var values: [String: BitVector] = [:]
    for (output, value) in zip(contract.outputs, outputs) {
      values[output.name] = value?.value(lane: lane, machine.words)
    }
    let input = tests[lane].input
    return Replay.violatesEnsures(
      contract, input, values, input.buffers.map { machine.elements(of: $0, lane: lane) })
  }
}
