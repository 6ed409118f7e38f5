/// The value of an array: one element everywhere, and the exceptions.
public struct ArrayValue: Hashable, Sendable {
  public var otherwise: BitVector
  public var entries: [BitVector: BitVector]

  public init(otherwise: BitVector, entries: [BitVector: BitVector] = [:]) {
    self.otherwise = otherwise
    self.entries = entries
  }

  public subscript(index: BitVector) -> BitVector { entries[index] ?? otherwise }

  /// Whether both have the same element at every index; they may say so differently where the entries
  /// leave nothing to `otherwise`.
  func isSame(as other: ArrayValue) -> Bool {
    let indices = Set(entries.keys).union(other.entries.keys)
    guard indices.allSatisfy({ self[$0] == other[$0] }) else { return false }
    if otherwise == other.otherwise { return true }
    guard let width = indices.first?.width, width < 32 else { return false }
    return indices.count == 1 << width
  }
}

/// Values for variables. A variable it does not mention may have any value; zero is taken.
public struct Model: Sendable, Hashable {
  /// Bit-vectors, and Booleans as one bit.
  public var values: [Term: BitVector]
  public var arrays: [Term: ArrayValue]

  public init(values: [Term: BitVector] = [:], arrays: [Term: ArrayValue] = [:]) {
    self.values = values
    self.arrays = arrays
  }
}

/// What a query may cost.
public struct SolverLimits: Sendable, Hashable {
  /// Wall-clock time in seconds.
  public var seconds: Double
  /// The solver's own deterministic count of work; zero for no limit.
  public var resource: UInt64
  /// Bytes of memory that the query may use.
  public var memory: UInt64

  public init(seconds: Double = 60, resource: UInt64 = 0, memory: UInt64 = 4 << 30) {
    self.seconds = seconds
    self.resource = resource
    self.memory = memory
  }
}

/// A solver's answer to one query.
public enum SolverAnswer: Sendable {
  case unsatisfiable
  /// The model has not been checked; the caller evaluates it.
  case satisfiable(Model)
  /// No answer, and why: a limit, a crash, a solver that gave up.
  case unknown(String)
  /// The user asked to stop.
  case interrupted
}

/// Decides satisfiability of Boolean terms.
public protocol Solver: AnyObject {
  /// The name and version to put on record.
  var description: String { get }

  /// Whether the conjunction of `assertions` is satisfiable. Never longer than `limits` says,
  /// whatever the underlying solver does.
  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer
}
