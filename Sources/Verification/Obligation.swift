import Terms

/// The six things that `proved` says, each an obligation with its own name in the report.
public enum ObligationKind: String, Sendable, Hashable, CaseIterable, Codable {
  case termination, faults, memory, abi, ensures, independence

  /// Those that may be left out: the others say something of runs that keep them.
  public static let waivable: Set<ObligationKind> = [.ensures, .independence]

  /// What it says, for people.
  public var meaning: String {
    switch self {
    case .termination: "reaches its return in finitely many steps"
    case .faults: "never faults"
    case .memory: "accesses only what it may"
    case .abi: "keeps the calling convention"
    case .ensures: "establishes the postcondition"
    case .independence: "depends on nothing undefined or uninitialised"
    }
  }
}

/// One claim that has to hold for every input.
struct Obligation {
  let kind: ObligationKind
  /// Holds for an input only where the code does right.
  let claim: Term
  /// Whether the code does wrong wherever the claim is false; if not, it may only be beyond what the
  /// engine follows: a loop past its bound, an address that nothing is known of.
  let isExact: Bool
  /// Where the code does wrong though the claim is not exact, if that can be told.
  let isWrong: Term?
  /// The address of the instruction it is about; nil where it is about the whole.
  let address: UInt64?
  /// What would be wrong, in words.
  let text: String
}

/// A point in time that work has to be done by.
package struct Deadline {
  private let end: ContinuousClock.Instant

  package init(seconds: Double) { end = .now.advanced(by: .seconds(Swift.min(seconds, 1e9))) }

  var hasPassed: Bool { end <= .now }

  /// The seconds that are left, zero if none.
  var remaining: Double {
    let left = ContinuousClock.now.duration(to: end)
    return Swift.max(
      0, Double(left.components.seconds) + Double(left.components.attoseconds) / 1e18)
  }
}
