import Terms

extension Expression {
  /// Builds every node through the simplifying constructors.
  func build(in terms: TermManager) -> [Term] {
    var built: [Term] = []
    for node in nodes { built.append(build(node, node.operands.map { built[$0] }, terms)) }
    return built
  }

  private func build(_ node: Node, _ operands: [Term], _ terms: TermManager) -> Term {
    func binary(_ constructor: (Term, Term) -> Term) -> Term {
      constructor(operands[0], operands[1])
    }
    switch node.kind {
    case .constant(let value): return terms.constant(value)
    case .boolean(let value): return terms.bool(value)
    case .variable(let name): return terms.variable(name, node.sort)
    case .not: return terms.not(operands[0])
    case .and: return binary(terms.and)
    case .or: return binary(terms.or)
    case .xor: return binary(terms.xor)
    case .implies: return binary(terms.implies)
    case .equal: return binary(terms.equal)
    case .distinct: return binary(terms.distinct)
    case .ifThenElse: return terms.ifThenElse(operands[0], operands[1], operands[2])
    case .negate: return terms.negate(operands[0])
    case .add: return binary(terms.add)
    case .subtract: return binary(terms.subtract)
    case .multiply: return binary(terms.multiply)
    case .unsignedDivide: return binary(terms.unsignedDivide)
    case .unsignedRemainder: return binary(terms.unsignedRemainder)
    case .signedDivide: return binary(terms.signedDivide)
    case .signedRemainder: return binary(terms.signedRemainder)
    case .shiftLeft: return terms.shiftLeft(operands[0], operands[1])
    case .logicalShiftRight: return terms.logicalShiftRight(operands[0], operands[1])
    case .arithmeticShiftRight: return terms.arithmeticShiftRight(operands[0], operands[1])
    case .rotateLeft: return terms.rotateLeft(operands[0], operands[1])
    case .rotateRight: return binary(terms.rotateRight)
    case .shiftLeftBy(let count): return terms.shiftLeft(operands[0], by: count)
    case .logicalShiftRightBy(let count): return terms.logicalShiftRight(operands[0], by: count)
    case .arithmeticShiftRightBy(let count):
      return terms.arithmeticShiftRight(operands[0], by: count)
    case .rotateLeftBy(let count): return terms.rotateLeft(operands[0], by: count)
    case .unsignedLess: return binary(terms.unsignedLess)
    case .unsignedLessOrEqual: return binary(terms.unsignedLessOrEqual)
    case .signedLess: return binary(terms.signedLess)
    case .signedLessOrEqual: return binary(terms.signedLessOrEqual)
    case .isNegative: return terms.isNegative(operands[0])
    case .bit(let index): return terms.bit(operands[0], index)
    case .bits: return terms.bits(operands[0], width: node.sort.width)
    case .concat: return terms.concat(operands[0], operands[1])
    case .extract(let high, let low): return terms.extract(operands[0], high, low)
    case .zeroExtend: return terms.zeroExtend(operands[0], to: node.sort.width)
    case .signExtend: return terms.signExtend(operands[0], to: node.sort.width)
    case .select: return binary(terms.select)
    case .store: return terms.store(operands[0], operands[1], operands[2])
    case .constantArray:
      guard case .array(let index, _) = node.sort else { return operands[0] }
      return terms.constantArray(operands[0], index: index)
    }
  }
}
