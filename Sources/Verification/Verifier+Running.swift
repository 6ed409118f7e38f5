import Contracts
import Terms

/// What running the code shows where reasoning about it came to no end.
extension Verifier {
  /// The placements of buffers that inputs are drawn from.
  private static let placementLimit = 4
  /// The inputs of each placement, and the instructions after which a run is given up: many short runs,
  /// a few long ones, and one that is long enough to use up the stack by eight bytes at each turn.
  private static let runs = [
    (inputs: 48, steps: stepLimit), (inputs: 4, steps: 10 * stepLimit),
    (inputs: 1, steps: longestRun),
  ]
  static let stepLimit = 1_000
  static let longestRun = 500_000

  /// The part of the time that is kept for it.
  static let shareOfRuns = 0.1

  /// A counterexample among sampled inputs, confirmed by its run, to an obligation that is asked for; nil
  /// where none shows anything wrong in time.
  func refutedByRunning(until deadline: Deadline) -> Counterexample? {
    guard !deadline.hasPassed,
      let bounds = try? LengthBounds.find(contract, solvers: solvers, limits: options.limits),
      let cases = try? Aliasing.cases(of: contract, bounds, limit: options.placements)
    else { return nil }
    for aliasing in cases.prefix(Self.placementLimit) {
      guard let inputs = try? Inputs(contract, aliasing, limits: bounds, in: TermManager())
      else { return nil }
      let entry = EntryState(inputs, stream.code, stream.architecture, layout)
      let finder = CounterexampleFinder(
        stream: stream, contract: contract, layout: layout, inputs: inputs, entry: entry,
        solvers: solvers, limits: options.limits)
      let count = Self.runs.map(\.inputs).max() ?? 0
      let models = TestBank.models(
        inputs, entry, contract, count: count, isScattered: true)
      for run in Self.runs {
        for model in models.prefix(run.inputs) {
          if deadline.hasPassed { return nil }
          if let found = finder.confirm(model, steps: run.steps, until: deadline),
            required.contains(found.obligation)
          {
            return found
          }
        }
      }
    }
    return nil
  }
}
