import ARM64Model
import Glibc
import MachineModel
import NativeExecution
import Terms
import Testing

/// The semantics against `qemu-aarch64`, or the CPU where the host is an ARM64 machine.
///
/// `SILICON_STATES` is the number of states a row is run on; 2,000 by default.
struct SiliconTests {
  private static let statesPerInstruction = 100
  private static let statesPerRow =
    getenv("SILICON_STATES").flatMap {
      Int(String(cString: $0))
    } ?? 2000
  private static let runner = Result { () throws(NativeError) in
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try EmulatedARM64.runner(packageRoot: "/" + root)
  }

  @Test("A row does what the machine does", arguments: RowTests.arm64.forms)
  func agrees(_ form: Form) throws {
    let runner = try SiliconTests.runner.get()
    var seeds: any RandomNumberGenerator = SplitMix(UInt64(form.index) + 1000)
    var remaining = SiliconTests.statesPerRow / SiliconTests.statesPerInstruction
    var compared = 0
    while remaining > 0 {
      var experiments: [Experiment] = []
      while experiments.count < min(remaining, 200) {
        let instruction = RowTests.arm64.randomInstruction(
          of: form, at: RandomState.code, using: &seeds)
        guard SiliconTests.isRunnable(instruction),
          let experiment = try Experiment(
            instruction, states: SiliconTests.statesPerInstruction, seed: seeds.next())
        else { continue }
        experiments.append(experiment)
      }
      let outcomes = try runner.run(experiments.map(\.batch), timeout: 300)
      for (experiment, outcome) in zip(experiments, outcomes) {
        let result = experiment.compare(outcome)
        compared += result.compared
        if let difference = result.difference {
          Issue.record("\(RowTests.arm64.text(of: experiment.instruction)): \(difference)")
          return
        }
      }
      remaining -= experiments.count
    }
    #expect(compared >= SiliconTests.statesPerRow / 2)
  }

  /// Hints of pointer authentication are no-operations in the model and not in QEMU's CPU, and
  /// `hlt #0xf000` is a call of the emulator.
  private static func isRunnable(_ instruction: Instruction) -> Bool {
    let text = RowTests.arm64.text(of: instruction)
    return !["pac", "aut", "xpac", "hlt #0xf000"].contains { text.hasPrefix($0) }
  }
}

/// One instruction and the states to run it from.
struct Experiment {
  let instruction: Instruction
  let batch: NativeBatch
  private let states: [[UInt64]]

  /// Nil if the instruction cannot be run alone.
  init?(_ instruction: Instruction, states count: Int, seed: UInt64) throws {
    guard var random = RandomState(instruction, seed: seed) else { return nil }
    self.instruction = instruction
    states = (0..<count).map { _ in random.next() }
    batch = NativeBatch(
      code: try RowTests.arm64.encode(instruction), codeAddress: RandomState.code,
      landings: random.landings, scratchAddress: random.scratch,
      scratchByteCount: RandomState.scratchByteCount, states: Array(states.joined()))
  }

  /// How many states were compared, and the first difference.
  func compare(_ outcomes: NativeOutcomes) -> (compared: Int, difference: String?) {
    let lifted = LiftedInstruction(instruction, of: RowTests.arm64)
    var evaluator = Evaluator(lifted.terms, roots: lifted.roots, lanes: states.count)
    for (lane, state) in states.enumerated() { set(state, lane, lifted, &evaluator) }
    evaluator.run()
    for (lane, state) in states.enumerated() { load(state, lane, lifted, &evaluator) }
    evaluator.run()
    var compared = 0
    for (lane, state) in states.enumerated() {
      let fault = lifted.faults.first { evaluator.word($0.condition, lane: lane) == 1 }
      if fault?.fault == .misaligned { continue }
      compared += 1
      let ending = outcomes.ending(of: lane)
      if fault != nil {
        if case .signal(_, RandomState.code, _) = ending { continue }
        return (compared, "no signal but \(ending)")
      }
      let next = evaluator.word(lifted.nextInstruction, lane: lane)
      guard ending == .landed(at: next) else {
        return (compared, "\(ending) instead of \(String(next, radix: 16)) from \(state)")
      }
      let expected = final(state, lane, lifted, evaluator)
      let found = Array(outcomes.general(of: lane)) + Array(outcomes.scratch(of: lane))
      if let index = expected.indices.first(where: { expected[$0] != found[$0] }) {
        return (
          compared,
          "word \(index) is \(String(found[index], radix: 16)), expected "
            + "\(String(expected[index], radix: 16)) from \(state)"
        )
      }
    }
    return (compared, nil)
  }

  private func set(
    _ state: [UInt64], _ lane: Int, _ lifted: LiftedInstruction, _ evaluator: inout Evaluator
  ) {
    for index in 0..<32 {
      evaluator.set(lifted.before[index], lane: lane, to: BitVector(state[index], width: 64))
    }
    for flag in 0..<4 {
      let bit = state[32] >> UInt64(31 - flag) & 1
      evaluator.set(lifted.before[32 + flag], lane: lane, to: BitVector(bit, width: 1))
    }
  }

  /// Gives the loads what the scratch holds at their addresses.
  private func load(
    _ state: [UInt64], _ lane: Int, _ lifted: LiftedInstruction, _ evaluator: inout Evaluator
  ) {
    let memory = bytes(of: state)
    for access in lifted.accesses where !access.isStore {
      let offset = evaluator.word(access.address, lane: lane) &- batch.scratchAddress
      guard offset <= UInt64(memory.count - access.byteCount) else { continue }
      let bytes = memory[Int(offset)..<Int(offset) + access.byteCount]
      let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      evaluator.set(
        access.value, lane: lane, to: BitVector(value, width: 8 * access.byteCount))
    }
  }

  /// The words of the state after the instruction, as the model has them.
  private func final(
    _ state: [UInt64], _ lane: Int, _ lifted: LiftedInstruction, _ evaluator: Evaluator
  ) -> [UInt64] {
    var result = (0..<32).map { evaluator.word(lifted.after[$0], lane: lane) }
    result.append(
      (0..<4).reduce(0) {
        $0 | evaluator.word(lifted.after[32 + $1], lane: lane) << UInt64(31 - $1)
      })
    var memory = bytes(of: state)
    for access in lifted.accesses where access.isStore {
      let offset = evaluator.word(access.address, lane: lane) &- batch.scratchAddress
      guard offset <= UInt64(memory.count - access.byteCount) else { continue }
      for index in 0..<access.byteCount {
        memory[Int(offset) + index] = UInt8(
          truncatingIfNeeded: evaluator.word(access.value, lane: lane) >> UInt64(8 * index))
      }
    }
    for start in stride(from: 0, to: memory.count, by: 8) {
      result.append(memory[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    return result
  }

  /// The memory of a state.
  private func bytes(of state: [UInt64]) -> [UInt8] {
    state[33...].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
    }
  }
}
