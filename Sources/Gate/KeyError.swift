/// What is wrong with a file that should hold a key, and what was expected.
public struct KeyError: Error, Sendable, Hashable, CustomStringConvertible {
  public let file: String
  public let message: String

  /// `FILE: error: MESSAGE`.
  public var description: String { "\(file): error: \(message)" }
}
