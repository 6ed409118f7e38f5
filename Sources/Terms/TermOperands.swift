/// The terms that an operator is applied to, at most three, without an allocation.
public struct TermOperands: RandomAccessCollection, Hashable, Sendable {
  public let count: Int
  private let first: UInt32
  private let second: UInt32
  private let third: UInt32

  init(count: Int, first: UInt32, second: UInt32, third: UInt32) {
    self.count = count
    // What a node keeps besides its operands is no part of them.
    self.first = count > 0 ? first : 0
    self.second = count > 1 ? second : 0
    self.third = count > 2 ? third : 0
  }

  /// The operands as `transform` changes them.
  func changed(by transform: (Term) -> Term) -> TermOperands {
    func change(_ index: Int, _ own: UInt32) -> UInt32 {
      index < count ? transform(Term(Int(own))).index : own
    }
    return TermOperands(
      count: count, first: change(0, first), second: change(1, second), third: change(2, third))
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(index: Int) -> Term {
    precondition(index >= 0 && index < count, "operand \(index) of \(count)")
    return Term(Int(index == 0 ? first : index == 1 ? second : third))
  }
}
