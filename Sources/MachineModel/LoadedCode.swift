/// Code and the instruction set that it is written for.
public struct LoadedCode: Sendable {
  public let code: Code
  /// `x86-64` or `arm64`.
  public let isa: String

  public init(code: Code, isa: String) {
    self.code = code
    self.isa = isa
  }
}
