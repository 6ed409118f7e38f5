/// The normal forms of terms, spelled the way people write them.
extension SMTLIBWriter {
  /// The text of a term in the form that says most.
  func readable(_ term: Term) -> [Piece] {
    let result: [Piece]?
    switch terms.operation(term) {
    case .not: result = negation(term)
    case .add: result = sum(term)
    case .and, .or, .xor: result = chain(term)
    case .concat: result = concatenation(term)
    case .signExtend: result = arithmeticShift(term)
    case .equal: result = sign(term)
    case .constant, .variable, .ifThenElse, .negate, .multiply, .unsignedDivide,
      .unsignedRemainder, .signedDivide, .signedRemainder, .shiftLeft, .logicalShiftRight,
      .arithmeticShiftRight, .unsignedLess, .signedLess, .extract, .select, .store,
      .constantArray:
      result = nil
    }
    return result ?? pieces(term)
  }

  /// A comparison with its opposite name, or a disjunction.
  private func negation(_ term: Term) -> [Piece]? {
    let inner = terms.first(term)
    let children = terms.children(inner)
    switch terms.operation(inner) {
    case .unsignedLess: return apply("bvuge", children)
    case .signedLess: return apply("bvsge", children)
    case .equal:
      if let compared = signOperand(inner) { return comparison("bvsge", compared) }
      return apply("distinct", children)
    case .and where terms.isBool(inner): return disjunction(inner)
    default: return nil
    }
  }

  /// `not (and (not a) b)` as `(or a (not b))`; nil if no operand is negated.
  private func disjunction(_ term: Term) -> [Piece]? {
    let leaves = leaves(term)
    guard leaves.contains(where: { terms.operation($0) == .not }) else { return nil }
    return [.text("(or")]
      + leaves.flatMap { leaf -> [Piece] in
        terms.operation(leaf) == .not
          ? [.text(" "), .term(terms.first(leaf))] : [.text(" "), .term(terms.not(leaf))]
      } + [.text(")")]
  }

  /// The leaves of a chain of one operator, from the left.
  private func leaves(_ term: Term) -> [Term] {
    var result: [Term] = []
    var rest = term
    while terms.operation(rest) == terms.operation(term) {
      result.append(terms.second(rest))
      rest = terms.first(rest)
    }
    return [rest] + result.reversed()
  }

  private func chain(_ term: Term) -> [Piece]? {
    let name = terms.operation(term).smtlibName(onBooleans: terms.isBool(term))
    return apply(name ?? "", leaves(term))
  }

  /// Positive summands added up, then the negative ones subtracted one by one.
  private func sum(_ term: Term) -> [Piece] {
    var (positive, negative): ([Piece], [Piece]) = ([], [])
    var count = 0
    for leaf in leaves(term) {
      let value = terms.value(leaf)
      if terms.operation(leaf) == .negate {
        negative += [.text(" "), .term(terms.first(leaf)), .text(")")]
      } else if let value, value.signBit, value.trailingZeroBits < value.width - 1 {
        negative.append(.text(" \(value.negated().smtlib))"))
      } else {
        positive += [.text(" "), .term(leaf)]
        count += 1
      }
    }
    let subtractions = leaves(term).count - count
    let head = String(repeating: "(bvsub ", count: subtractions)
    let body: [Piece]
    switch count {
    case 0: body = [.text(constantZero(term))]
    case 1: body = Array(positive.dropFirst())
    default: body = [.text("(bvadd")] + positive + [.text(")")]
    }
    return [.text(head)] + body + negative
  }

  private func constantZero(_ term: Term) -> String { BitVector.zero(terms.width(term)).smtlib }

  /// A shift, a rotation or a zero extension.
  private func concatenation(_ term: Term) -> [Piece]? {
    let (high, low) = (terms.first(term), terms.second(term))
    let width = terms.width(term)
    if let bounds = terms.bounds(high), bounds.low == 0, terms.width(terms.first(high)) == width {
      let source = terms.first(high)
      if isZero(low) { return shift("bvshl", source, terms.width(low)) }
      if terms.operation(low) == .extract, terms.first(low) == source,
        terms.bounds(low)?.high == width - 1
      {
        return apply("(_ rotate_left \(terms.width(low)))", [source])
      }
    }
    guard isZero(high) else { return nil }
    if let bounds = terms.bounds(low), bounds.high == width - 1,
      terms.width(terms.first(low)) == width
    {
      return shift("bvlshr", terms.first(low), bounds.low)
    }
    return apply("(_ zero_extend \(terms.width(high)))", [low])
  }

  private func isZero(_ term: Term) -> Bool { terms.value(term)?.isZero ?? false }

  private func shift(_ name: String, _ term: Term, _ count: Int) -> [Piece] {
    let count = BitVector(UInt64(count), width: terms.width(term)).smtlib
    return [.text("(\(name) "), .term(term), .text(" \(count))")]
  }

  private func arithmeticShift(_ term: Term) -> [Piece]? {
    let cut = terms.first(term)
    guard let bounds = terms.bounds(cut), bounds.high == terms.width(term) - 1,
      terms.width(terms.first(cut)) == terms.width(term)
    else { return nil }
    return shift("bvashr", terms.first(cut), bounds.low)
  }

  private func sign(_ term: Term) -> [Piece]? {
    signOperand(term).map { comparison("bvslt", $0) }
  }

  /// The term whose top bit `term` compares with one; nil for other terms.
  private func signOperand(_ term: Term) -> Term? {
    for (cut, one) in [
      (terms.first(term), terms.second(term)), (terms.second(term), terms.first(term)),
    ] {
      guard let bounds = terms.bounds(cut), bounds.high == bounds.low,
        bounds.high == terms.width(terms.first(cut)) - 1, terms.value(one)?.isAllOnes == true
      else { continue }
      return terms.first(cut)
    }
    return nil
  }

  /// `term` compared with zero.
  private func comparison(_ name: String, _ term: Term) -> [Piece] {
    [.text("(\(name) "), .term(term), .text(" \(constantZero(term)))")]
  }
}
