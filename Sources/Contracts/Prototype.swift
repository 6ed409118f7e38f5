import Terms

/// A C function's declaration: what it takes and what it returns.
public struct Prototype: Hashable, Sendable {
  public let name: String
  public let parameters: [Parameter]
  /// The type of the result; nil for `void`.
  public let result: IntegerType?
  /// The declaration as it was written.
  public let text: String

  public init(name: String, parameters: [Parameter], result: IntegerType?, text: String) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.text = text
  }

  /// The declaration `text`, which stands in `file` from `start` on.
  public static func parse(
    _ text: String, file: String = "prototype", at start: SourcePosition = .start
  ) throws(SpecificationError) -> Prototype {
    throw SpecificationError(.unsupported, file: file, at: start, "prototypes are not read yet")
  }
}
