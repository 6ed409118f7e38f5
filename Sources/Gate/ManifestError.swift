/// What is wrong with a manifest, and where.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
  public let file: String
  /// From 1; zero where the file as a whole is meant.
  public let line: Int
  public let column: Int
  public let message: String

  /// `FILE:LINE:COLUMN: error: MESSAGE`.
  public var description: String {
    line == 0 ? "\(file): error: \(message)" : "\(file):\(line):\(column): error: \(message)"
  }
}
