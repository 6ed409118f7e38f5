import ARM64Model
import Glibc
import MachineModel
import NativeExecution
import Terms
import Testing

/// The semantics against `qemu-aarch64`, or the CPU where the host is an ARM64 machine.
///
/// `SILICON_STATES` is the number of states a row is run on; 2,000 by default, and 500 of the many
/// rows with vectors. `SILICON_TIERS` names the only tiers to run (`A2,A5`).
struct SiliconTests {
  private static let statesPerInstruction = 100
  private static let statesPerRow = getenv("SILICON_STATES").flatMap {
    Int(String(cString: $0))
  }
  private static let runner = Result { () throws(NativeError) in
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try EmulatedARM64.runner(packageRoot: "/" + root)
  }

  private static let rows: [Form] = {
    guard let tiers = getenv("SILICON_TIERS").map({ String(cString: $0) }) else {
      return RowTests.arm64.forms
    }
    let names = tiers.split(separator: ",").map(String.init)
    return RowTests.arm64.forms.filter { names.contains($0.family.tier) }
  }()

  @Test("A row does what the machine does", arguments: rows)
  func agrees(_ form: Form) throws {
    let runner = try SiliconTests.runner.get()
    var seeds: any RandomNumberGenerator = SplitMix(UInt64(form.index) + 1000)
    let states = SiliconTests.statesPerRow ?? (form.family.tier < "A3" ? 2000 : 500)
    var remaining = states / SiliconTests.statesPerInstruction
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
    #expect(compared >= states / 2, "\(form.syntax)")
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
  private let firstScratchWord: Int

  /// Nil if the instruction cannot be run alone.
  init?(_ instruction: Instruction, states count: Int, seed: UInt64) throws {
    guard var random = RandomState(instruction, seed: seed) else { return nil }
    self.instruction = instruction
    states = (0..<count).map { _ in random.next() }
    batch = NativeBatch(
      code: try RowTests.arm64.encode(instruction), codeAddress: RandomState.code,
      landings: random.landings, scratchAddress: random.scratch,
      scratchByteCount: random.scratchByteCount, vectors: random.hasVectors,
      states: Array(states.joined()))
    firstScratchWord = RandomState.firstVectorWord + (random.hasVectors ? 64 : 0)
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
      let found =
        Array(outcomes.general(of: lane)) + Array(outcomes.vectors(of: lane))
        + Array(outcomes.scratch(of: lane))
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
    for (cell, bit) in Experiment.flags {
      evaluator.set(
        lifted.before[cell], lane: lane, to: BitVector(state[32] >> bit & 1, width: 1))
    }
    guard batch.vectors else { return }
    for index in 0..<32 {
      let word = RandomState.firstVectorWord + 2 * index
      evaluator.set(
        lifted.before[36 + index], lane: lane,
        to: BitVector(words: Array(state[word...word + 1]), width: 128))
    }
  }

  /// The cells of the flags and their bits in the flags' word.
  private static let flags: [(cell: Int, bit: UInt64)] = [
    (32, 31), (33, 30), (34, 29), (35, 28), (68, 27),
  ]

  /// Gives the loads what the scratch holds at their addresses.
  private func load(
    _ state: [UInt64], _ lane: Int, _ lifted: LiftedInstruction, _ evaluator: inout Evaluator
  ) {
    let memory = bytes(of: state)
    for access in lifted.accesses where !access.isStore {
      let offset = evaluator.word(access.address, lane: lane) &- batch.scratchAddress
      guard offset <= UInt64(memory.count - access.byteCount) else { continue }
      let words = words(of: memory[Int(offset)..<Int(offset) + access.byteCount])
      evaluator.set(
        access.value, lane: lane, to: BitVector(words: words, width: 8 * access.byteCount))
    }
  }

  /// The words of the state after the instruction, as the model has them.
  private func final(
    _ state: [UInt64], _ lane: Int, _ lifted: LiftedInstruction, _ evaluator: Evaluator
  ) -> [UInt64] {
    var result = (0..<32).map { evaluator.word(lifted.after[$0], lane: lane) }
    result.append(
      Experiment.flags.reduce(0) {
        $0 | evaluator.word(lifted.after[$1.cell], lane: lane) << $1.bit
      })
    if batch.vectors {
      for index in 0..<32 {
        result += evaluator.value(lifted.after[36 + index], lane: lane).words
      }
    }
    var memory = bytes(of: state)
    for access in lifted.accesses where access.isStore {
      let offset = evaluator.word(access.address, lane: lane) &- batch.scratchAddress
      guard offset <= UInt64(memory.count - access.byteCount) else { continue }
      let words = evaluator.value(access.value, lane: lane).words
      for index in 0..<access.byteCount {
        memory[Int(offset) + index] = UInt8(
          truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8))
      }
    }
    return result + words(of: memory[...])
  }

  /// The memory of a state.
  private func bytes(of state: [UInt64]) -> [UInt8] {
    state[firstScratchWord...].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
    }
  }

  /// Little-endian words; the last one may be part of one.
  private func words(of bytes: ArraySlice<UInt8>) -> [UInt64] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).map { start in
      bytes[start..<min(start + 8, bytes.endIndex)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
