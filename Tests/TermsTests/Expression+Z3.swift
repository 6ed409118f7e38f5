import CZ3
import Terms
import Z3Backend

extension Expression {
  /// Builds every node in Z3 as it was asked for; `variables` names Z3's constants.
  func translate(
    in context: Z3Context, variables: (Int) -> Int
  ) throws(Z3Failure) -> [OpaquePointer] {
    var built: [OpaquePointer] = []
    for (index, node) in nodes.enumerated() {
      let operands = node.operands.map { built[$0] }
      let onBooleans = node.operands.first.map { nodes[$0].sort == .bool } ?? false
      let result: OpaquePointer?
      switch node.kind {
      case .variable: result = context.variable(variables(index), try context.sort(node.sort))
      case .boolean(let value): result = context.bool(value)
      case .constant(let value): result = try context.constant(value)
      default: result = try context.translate(self, node, operands, onBooleans)
      }
      built.append(try context.checked(result))
    }
    return built
  }
}

extension Z3Context {
  fileprivate func translate(
    _ expression: Expression, _ node: Expression.Node, _ operands: [OpaquePointer],
    _ onBooleans: Bool
  ) throws(Z3Failure) -> OpaquePointer? {
    let (a, b) = (operands[0], operands.count > 1 ? operands[1] : operands[0])
    let optional: [OpaquePointer?] = operands
    // A count that does not fit is as good as the largest.
    func count(_ value: Int) throws(Z3Failure) -> OpaquePointer {
      let width = node.operands.first.map { expression.nodes[$0].sort.width } ?? 1
      let fits = width > 16 || value < 1 << width
      return try constant(fits ? BitVector(UInt64(value), width: width) : .ones(width))
    }
    func added() -> UInt32 {
      UInt32(node.sort.width - expression.nodes[node.operands[0]].sort.width)
    }
    switch node.kind {
    case .constant, .boolean, .variable: return nil
    case .not: return onBooleans ? Z3_mk_not(pointer, a) : Z3_mk_bvnot(pointer, a)
    case .and: return onBooleans ? Z3_mk_and(pointer, 2, optional) : Z3_mk_bvand(pointer, a, b)
    case .or: return onBooleans ? Z3_mk_or(pointer, 2, optional) : Z3_mk_bvor(pointer, a, b)
    case .xor: return onBooleans ? Z3_mk_xor(pointer, a, b) : Z3_mk_bvxor(pointer, a, b)
    case .implies: return Z3_mk_implies(pointer, a, b)
    case .equal: return Z3_mk_eq(pointer, a, b)
    case .distinct: return Z3_mk_distinct(pointer, 2, optional)
    case .ifThenElse: return Z3_mk_ite(pointer, a, b, operands[2])
    case .negate: return Z3_mk_bvneg(pointer, a)
    case .add: return Z3_mk_bvadd(pointer, a, b)
    case .subtract: return Z3_mk_bvsub(pointer, a, b)
    case .multiply: return Z3_mk_bvmul(pointer, a, b)
    case .unsignedDivide: return Z3_mk_bvudiv(pointer, a, b)
    case .unsignedRemainder: return Z3_mk_bvurem(pointer, a, b)
    case .signedDivide: return Z3_mk_bvsdiv(pointer, a, b)
    case .signedRemainder: return Z3_mk_bvsrem(pointer, a, b)
    case .shiftLeft: return Z3_mk_bvshl(pointer, a, b)
    case .logicalShiftRight: return Z3_mk_bvlshr(pointer, a, b)
    case .arithmeticShiftRight: return Z3_mk_bvashr(pointer, a, b)
    case .rotateLeft: return Z3_mk_ext_rotate_left(pointer, a, b)
    case .rotateRight: return Z3_mk_ext_rotate_right(pointer, a, b)
    case .shiftLeftBy(let number): return Z3_mk_bvshl(pointer, a, try count(number))
    case .logicalShiftRightBy(let number): return Z3_mk_bvlshr(pointer, a, try count(number))
    case .arithmeticShiftRightBy(let number): return Z3_mk_bvashr(pointer, a, try count(number))
    case .rotateLeftBy(let number): return Z3_mk_rotate_left(pointer, UInt32(number), a)
    case .unsignedLess: return Z3_mk_bvult(pointer, a, b)
    case .unsignedLessOrEqual: return Z3_mk_bvule(pointer, a, b)
    case .signedLess: return Z3_mk_bvslt(pointer, a, b)
    case .signedLessOrEqual: return Z3_mk_bvsle(pointer, a, b)
    case .isNegative: return Z3_mk_bvslt(pointer, a, try count(0))
    case .bit(let index):
      return Z3_mk_eq(
        pointer, Z3_mk_extract(pointer, UInt32(index), UInt32(index), a),
        try constant(BitVector(1, width: 1)))
    case .bits:
      return Z3_mk_ite(
        pointer, a, try constant(BitVector(1, width: node.sort.width)),
        try constant(.zero(node.sort.width)))
    case .concat: return Z3_mk_concat(pointer, a, b)
    case .extract(let high, let low):
      return Z3_mk_extract(pointer, UInt32(high), UInt32(low), a)
    case .zeroExtend: return Z3_mk_zero_ext(pointer, added(), a)
    case .signExtend: return Z3_mk_sign_ext(pointer, added(), a)
    case .select: return Z3_mk_select(pointer, a, b)
    case .store: return Z3_mk_store(pointer, a, b, operands[2])
    case .constantArray:
      guard case .array(let index, _) = node.sort else { return nil }
      return Z3_mk_const_array(pointer, try sort(.bitVector(index)), a)
    }
  }
}
