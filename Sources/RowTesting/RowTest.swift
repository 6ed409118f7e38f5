import MachineModel
import NativeExecution

/// What comparing a row with a machine showed.
package struct RowResult: Sendable {
  /// The states that were compared.
  package var states = 0
  /// States, a few at most, in which the row and the machine end differently, in words.
  package var disagreements: [String] = []
}

/// Compares rows of one architecture with a machine that runs its code.
package protocol RowTest: Sendable {
  var architecture: any Architecture { get }

  /// Runs instructions of `form` from at least `states` random states, if so many are possible, or
  /// until some disagree; the same ones for the same `seed`.
  func compare(_ form: Form, states: Int, seed: UInt64) throws -> RowResult
}
