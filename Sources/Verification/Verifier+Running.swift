import Contracts
import Terms

/// What running the code shows where reasoning about it came to no end.
extension Verifier {
  /// The placements of buffers that inputs are drawn from, the inputs of each placement, and the
  /// instructions after which a run is given up.
  private static let placementLimit = 4
  private static let inputCount = 48
  static let stepLimit = 1_000

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
      for model in TestBank.models(inputs, entry, contract, count: Self.inputCount) {
        if deadline.hasPassed { return nil }
        if let found = finder.confirm(model, steps: Self.stepLimit),
          required.contains(found.obligation)
        {
          return found
        }
      }
    }
    return nil
  }
}
