import Terms

/// A value of a contract's name in an example.
public struct Assignment: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case integer(BitVector)
    /// The first elements of a buffer, at most 64.
    case elements([BitVector])
  }

  /// `x`, `p`, `p.out`, `p.addr`, `result`.
  public let name: String
  public let value: Value
  /// How to read the integer or each element.
  public let type: ValueType

  public init(name: String, value: Value, type: ValueType) {
    self.name = name
    self.value = value
    self.type = type
  }
}

/// Something that is wrong, or probably not meant, in a specification that parses.
public struct SpecificationFinding: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable {
    case error, warning, note
  }

  public enum Kind: String, Hashable, Sendable {
    /// No input satisfies `requires`, so that every code would pass. An error.
    case vacuous
    /// For the example's input no output satisfies `ensures`. An error.
    case unmeetable
    /// `requires` allows a buffer longer than the largest. An error.
    case unbounded
    /// A declared constant that neither `requires`, `ensures` nor a length mentions. A warning.
    case unmentioned
    /// An output, or elements of a writable buffer, that `ensures` says nothing about. A warning.
    case unconstrained
    /// One input with two allowed outputs; often meant. A note.
    case undetermined
    /// The solver gave no answer to one of these questions. A note.
    case undecided
  }

  public let kind: Kind
  public let position: SourcePosition
  public let message: String
  /// Values that show it; empty where there is nothing to show.
  public let example: [Assignment]
  /// Outputs that are allowed just as well for the same input.
  public let alternative: [Assignment]

  public init(
    _ kind: Kind, at position: SourcePosition, _ message: String, example: [Assignment] = [],
    alternative: [Assignment] = []
  ) {
    self.kind = kind
    self.position = position
    self.message = message
    self.example = example
    self.alternative = alternative
  }

  public var severity: Severity {
    switch kind {
    case .vacuous, .unmeetable, .unbounded: .error
    case .unmentioned, .unconstrained: .warning
    case .undetermined, .undecided: .note
    }
  }
}
