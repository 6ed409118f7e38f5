import Verification

/// How near code comes to its specification, from what it does on tests.
///
/// It depends on the code, the specification, the ISA and the tests alone: not on time, order,
/// threads or what was judged before. See `Docs/Embedding.md`.
public enum Reward {
  public static let proved = 1.0
  /// Something cannot be decoded or followed.
  public static let unsupported = 0.0
  /// The tests could not be finished within the limits.
  public static let outOfBudget = 0.05
  /// The least and the most that code gets which runs and is not proved.
  public static let range = 0.1...0.95

  /// The reward of code that runs, as far as it is not proved.
  ///
  /// `0.1 + 0.85 (0.2 o + 0.3 r + 0.5 d)`: `o` the share of the obligations that no test shows
  /// violated, `r` the share of the tests with the right outcome, `d` the mean of what each test
  /// earns. A right outcome earns 1; one that is only wrong, the share of its bits that are right;
  /// one that breaks the calling convention, half of that; a run that faults, accesses what it may
  /// not or does not end, nothing.
  static func tested(_ result: TestRuns) -> Double {
    let runs = result.runs
    let count = runs.count + result.skipped
    guard count > 0 else { return range.lowerBound }
    let kinds = ObligationKind.allCases.count
    let violated = Set(runs.compactMap(\.violated)).count
    let right = runs.filter { $0.hasEnded && $0.violated == nil }.count
    let earned = runs.reduce(0) { $0 + earning($1) }
    let share =
      0.2 * Double(kinds - violated) / Double(kinds) + 0.3 * Double(right) / Double(count)
      + 0.5 * earned / Double(count)
    return range.lowerBound + (range.upperBound - range.lowerBound) * share
  }

  private static func earning(_ run: TestRun) -> Double {
    guard run.hasEnded else { return 0 }
    return run.violated == .abi ? run.agreement / 2 : run.agreement
  }
}
