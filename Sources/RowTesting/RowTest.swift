import DifferentialTesting
import MachineModel
import NativeExecution

/// What comparing a row with a machine showed.
package struct RowResult: Sendable {
  /// The states that were compared.
  package var states = 0
  /// The states that were made, of which some are not followed and left out.
  package var attempts = 0
  /// States, a few at most, in which the row and the machine end differently, in words.
  package var disagreements: [String] = []
}

/// Compares rows of one architecture with a machine that runs its code.
package protocol RowTest: Sendable {
  var architecture: any Architecture { get }
  var test: DifferentialTest { get }

  /// Code at `Scratch.code` that ends with an instruction of `form`, with fixed addresses and branch
  /// targets where the test can follow; nil if this choice has none.
  func code(of form: Form, using random: inout any RandomNumberGenerator) -> [Instruction]?
}

extension RowTest {
  /// The states that one instruction runs from: fewer where few are asked for, so that there are
  /// always many instructions.
  private func statesPerInstruction(_ states: Int) -> Int { states < 100_000 ? 64 : 256 }

  /// Runs instructions of `form` from at least `states` random states, if so many are possible, or
  /// until some disagree; the same ones for the same `seed`.
  package func compare(_ form: Form, states: Int, seed: UInt64) throws -> RowResult {
    let each = statesPerInstruction(states)
    var random = RandomBits(seed: seed)
    var result = RowResult()
    while result.states < states, result.attempts < max(16 * states, 64 * 64),
      result.disagreements.isEmpty
    {
      let left = states - result.states
      let count = min(RowTestLimits.batch / each, (left + each - 1) / each)
      let codes = codes(form, count, &random)
      let found = try test.compare(codes, states: each, random: &random)
      result.states += found.states
      result.attempts += count * each
      result.disagreements += found.disagreements.prefix(2).map(\.description)
    }
    return result
  }

  private func codes(
    _ form: Form, _ count: Int, _ random: inout RandomBits
  ) -> [[Instruction]] {
    var generator: any RandomNumberGenerator = random
    var result: [[Instruction]] = []
    while result.count < count {
      if let next = code(of: form, using: &generator) { result.append(next) }
    }
    random = (generator as? RandomBits) ?? random
    return result
  }
}

private enum RowTestLimits {
  /// The states that are run at a time.
  static let batch = 4096
}
