/// The operators of terms. What has to know them all is an exhaustive `switch`, so that a new one cannot be
/// forgotten; a `default` stands only where an operator that is not known is left as it is. Parameters (the
/// bounds of `extract`, the result width of `signExtend`) are part of the node.
public enum Operator: UInt8, CaseIterable, Sendable {
  /// A leaf: a constant or a free variable.
  case constant, variable
  /// On Booleans and on bit-vectors alike.
  case not, and, or, xor
  /// Of any sort.
  case equal, ifThenElse
  case negate, add, multiply
  case unsignedDivide, unsignedRemainder, signedDivide, signedRemainder
  case shiftLeft, logicalShiftRight, arithmeticShiftRight
  case unsignedLess, signedLess
  case concat, extract, signExtend
  case select, store, constantArray

  /// The number of terms it takes.
  public var arity: Int {
    switch self {
    case .constant, .variable: 0
    case .not, .negate, .extract, .signExtend, .constantArray: 1
    case .and, .or, .xor, .equal, .add, .multiply, .unsignedDivide, .unsignedRemainder,
      .signedDivide, .signedRemainder, .shiftLeft, .logicalShiftRight, .arithmeticShiftRight,
      .unsignedLess, .signedLess, .concat, .select:
      2
    case .ifThenElse, .store: 3
    }
  }

  /// The SMT-LIB name for arguments that are Booleans or not; nil for leaves, and for operators
  /// whose notation is indexed.
  public func smtlibName(onBooleans: Bool) -> String? {
    switch self {
    case .constant, .variable, .extract, .signExtend, .constantArray: nil
    case .not: onBooleans ? "not" : "bvnot"
    case .and: onBooleans ? "and" : "bvand"
    case .or: onBooleans ? "or" : "bvor"
    case .xor: onBooleans ? "xor" : "bvxor"
    case .equal: "="
    case .ifThenElse: "ite"
    case .negate: "bvneg"
    case .add: "bvadd"
    case .multiply: "bvmul"
    case .unsignedDivide: "bvudiv"
    case .unsignedRemainder: "bvurem"
    case .signedDivide: "bvsdiv"
    case .signedRemainder: "bvsrem"
    case .shiftLeft: "bvshl"
    case .logicalShiftRight: "bvlshr"
    case .arithmeticShiftRight: "bvashr"
    case .unsignedLess: "bvult"
    case .signedLess: "bvslt"
    case .concat: "concat"
    case .select: "select"
    case .store: "store"
    }
  }

  /// The meaning on concrete bits; Booleans are one bit wide. Nil for leaves, arrays, and the two
  /// operators with parameters, which `BitVector` names itself.
  package func meaning(_ first: BitVector, _ second: BitVector, _ third: BitVector) -> BitVector? {
    func bool(_ value: Bool) -> BitVector { BitVector(value ? 1 : 0, width: 1) }
    switch self {
    case .constant, .variable, .extract, .signExtend, .select, .store, .constantArray: return nil
    case .not: return first.complement()
    case .and: return first.zip(second, &)
    case .or: return first.zip(second, |)
    case .xor: return first.zip(second, ^)
    case .equal: return bool(first == second)
    case .ifThenElse: return first.isZero ? third : second
    case .negate: return first.negated()
    case .add: return first.adding(second)
    case .multiply: return first.multiplying(second)
    case .unsignedDivide: return first.dividing(unsigned: second)
    case .unsignedRemainder: return first.remainder(unsigned: second)
    case .signedDivide: return first.dividing(signed: second)
    case .signedRemainder: return first.remainder(signed: second)
    case .shiftLeft: return first.shiftedLeft(second.shiftCount(first.width))
    case .logicalShiftRight:
      return first.shiftedRight(logical: second.shiftCount(first.width))
    case .arithmeticShiftRight:
      return first.shiftedRight(arithmetic: second.shiftCount(first.width))
    case .unsignedLess: return bool(first.isLess(unsigned: second))
    case .signedLess: return bool(first.isLess(signed: second))
    case .concat: return first.concatenating(second)
    }
  }
}
