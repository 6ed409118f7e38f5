/// What each function of SMT-LIB is in terms of our operators (SMT-LIB 2.6, theories
/// FixedSizeBitVectors and ArraysEx, logic QF_BV).
extension SMTLIBFunction {
  /// The application to arguments whose sorts have been checked; `sort` is its own.
  func apply(_ a: [Term], indices: Indices, sort: Sort, in terms: TermManager) -> Term {
    switch self {
    case .not, .bvnot: terms.not(a[0])
    case .and, .bvand: fold(a, terms.and)
    case .or, .bvor: fold(a, terms.or)
    case .xor, .bvxor: fold(a, terms.xor)
    case .implies: a.dropLast().reversed().reduce(a[a.count - 1]) { terms.implies($1, $0) }
    case .equal where a.count == 2: terms.equal(a[0], a[1])
    case .equal: terms.and(zip(a, a.dropFirst()).map { terms.equal($0, $1) })
    case .distinct: distinct(a, terms)
    case .ite: terms.ifThenElse(a[0], a[1], a[2])
    case .bvneg: terms.negate(a[0])
    case .bvnand: terms.not(terms.and(a[0], a[1]))
    case .bvnor: terms.not(terms.or(a[0], a[1]))
    case .bvxnor: terms.not(terms.xor(a[0], a[1]))
    case .bvadd: fold(a, terms.add)
    case .bvsub: terms.subtract(a[0], a[1])
    case .bvmul: fold(a, terms.multiply)
    case .bvudiv: terms.unsignedDivide(a[0], a[1])
    case .bvurem: terms.unsignedRemainder(a[0], a[1])
    case .bvsdiv: terms.signedDivide(a[0], a[1])
    case .bvsrem: terms.signedRemainder(a[0], a[1])
    case .bvsmod: signedModulo(a[0], a[1], terms)
    case .bvshl: terms.shiftLeft(a[0], a[1])
    case .bvlshr: terms.logicalShiftRight(a[0], a[1])
    case .bvashr: terms.arithmeticShiftRight(a[0], a[1])
    case .bvult: terms.unsignedLess(a[0], a[1])
    case .bvule: terms.unsignedLessOrEqual(a[0], a[1])
    case .bvugt: terms.unsignedLess(a[1], a[0])
    case .bvuge: terms.unsignedLessOrEqual(a[1], a[0])
    case .bvslt: terms.signedLess(a[0], a[1])
    case .bvsle: terms.signedLessOrEqual(a[0], a[1])
    case .bvsgt: terms.signedLess(a[1], a[0])
    case .bvsge: terms.signedLessOrEqual(a[1], a[0])
    case .bvcomp: terms.bits(terms.equal(a[0], a[1]))
    case .concat: terms.concat(a)
    case .extract: terms.extract(a[0], indices.first, indices.second)
    case .repeated: terms.concat(Array(repeating: a[0], count: indices.first))
    case .zeroExtend: terms.zeroExtend(a[0], to: sort.width)
    case .signExtend: terms.signExtend(a[0], to: sort.width)
    case .rotateLeft: terms.rotateLeft(a[0], by: indices.first)
    case .rotateRight:
      terms.rotateLeft(a[0], by: sort.width - indices.first % sort.width)
    case .select: terms.select(a[0], a[1])
    case .store: terms.store(a[0], a[1], a[2])
    case .const: constant(a[0], sort, terms)
    }
  }

  private func fold(_ arguments: [Term], _ combine: (Term, Term) -> Term) -> Term {
    arguments.dropFirst().reduce(arguments[0], combine)
  }

  private func distinct(_ arguments: [Term], _ terms: TermManager) -> Term {
    var result = terms.true
    for (index, left) in arguments.enumerated() {
      for right in arguments[(index + 1)...] {
        result = terms.and(result, terms.distinct(left, right))
      }
    }
    return result
  }

  /// `bvsmod`: the remainder with the divisor's sign; the dividend for a zero divisor.
  private func signedModulo(_ left: Term, _ right: Term, _ terms: TermManager) -> Term {
    let remainder = terms.signedRemainder(left, right)
    let zero = terms.constant(0, width: terms.width(left))
    if let divisor = terms.value(right), !divisor.signBit {
      return terms.ifThenElse(
        terms.isNegative(remainder), terms.add(remainder, right), remainder)
    }
    let signsDiffer = terms.xor(terms.isNegative(remainder), terms.isNegative(right))
    return terms.ifThenElse(
      terms.and(terms.distinct(remainder, zero), signsDiffer), terms.add(remainder, right),
      remainder)
  }

  private func constant(_ element: Term, _ sort: Sort, _ terms: TermManager) -> Term {
    guard case .array(let index, _) = sort else {
      preconditionFailure("a constant array of sort \(sort)")
    }
    return terms.constantArray(element, index: index)
  }
}
