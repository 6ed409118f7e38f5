/// A Boolean variable or its complement: twice the variable's number, plus one for the complement, as in binary DRAT.
public struct ClauseLiteral: Hashable, Sendable {
  public let code: UInt32

  public init(code: UInt32) { self.code = code }

  /// A literal of DIMACS: the variable's number, negative for its complement.
  public init(_ number: Int32) {
    code = number.magnitude << 1 | (number < 0 ? 1 : 0)
  }

  public static prefix func ! (literal: Self) -> Self { Self(code: literal.code ^ 1) }
}
