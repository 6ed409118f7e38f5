import ARM64Model
import DifferentialTesting
import MachineModel
import NativeExecution

/// Rows of ARM64 against a CPU or an emulator.
package struct ARM64RowTest: RowTest {
  private static let statesPerInstruction = 100

  private let runner: any NativeRunner

  /// - Parameter runner: runs ARM64 code.
  package init(on runner: any NativeRunner) { self.runner = runner }

  package var architecture: any Architecture { ARM64() }

  package func compare(_ form: Form, states: Int, seed: UInt64) throws -> RowResult {
    var seeds: any RandomNumberGenerator = RandomBits(seed: seed)
    var result = RowResult()
    var attempts = 0
    while result.states < states, attempts < 2 * states, result.disagreements.isEmpty {
      let left = states - result.states
      let count = min(max(1, left / ARM64RowTest.statesPerInstruction), 200)
      let experiments = try experiments(form, count, &seeds)
      let outcomes = try runner.run(experiments.map(\.batch), timeout: 300)
      for (experiment, outcome) in zip(experiments, outcomes) {
        let found = experiment.compare(outcome)
        result.states += found.compared
        guard let difference = found.difference else { continue }
        result.disagreements.append(
          "\(ARM64().text(of: experiment.instruction)): \(difference)")
      }
      attempts += count * ARM64RowTest.statesPerInstruction
    }
    return result
  }

  private func experiments(
    _ form: Form, _ count: Int, _ seeds: inout any RandomNumberGenerator
  ) throws -> [Experiment] {
    var experiments: [Experiment] = []
    while experiments.count < count {
      let instruction = ARM64().randomInstruction(
        of: form, at: RandomState.code, using: &seeds)
      guard ARM64RowTest.isRunnable(instruction),
        let experiment = try Experiment(
          instruction, states: ARM64RowTest.statesPerInstruction, seed: seeds.next())
      else { continue }
      experiments.append(experiment)
    }
    return experiments
  }

  /// Hints of pointer authentication are no-operations in the model and not in QEMU's CPU, and
  /// `hlt #0xf000` is a call of the emulator.
  private static func isRunnable(_ instruction: Instruction) -> Bool {
    let text = ARM64().text(of: instruction)
    return !["pac", "aut", "xpac", "hlt #0xf000"].contains { text.hasPrefix($0) }
  }
}
