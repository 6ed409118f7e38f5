/// A place in a file: line and column, both from 1; columns count Unicode scalars.
public struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The very start of a file.
  public static let start = SourcePosition(line: 1, column: 1)

  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }

  public var description: String { "\(line):\(column)" }
}

/// Why a text is not a specification: where, and what was expected.
public struct SpecificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What sort of mistake it is.
  public enum Kind: String, Hashable, Sendable {
    /// The text is not made of well-formed commands, terms or C declarations.
    case syntax
    /// A name that nothing binds, or that is bound twice.
    case name
    /// A term or a declaration of the wrong sort or width.
    case sort
    /// Well-formed, but not part of the language (quantifiers, floating point, `assert`).
    case unsupported
    /// Larger or deeper than the reader accepts.
    case limit
  }

  public let kind: Kind
  public let file: String
  public let position: SourcePosition
  /// What is wrong and what was expected, in words, without the position.
  public let message: String

  public init(_ kind: Kind, file: String, at position: SourcePosition, _ message: String) {
    self.kind = kind
    self.file = file
    self.position = position
    self.message = message
  }

  /// `FILE:LINE:COLUMN: MESSAGE`.
  public var description: String { "\(file):\(position): \(message)" }
}
