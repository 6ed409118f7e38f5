/// Rebuilding terms with variables replaced.
extension TermManager {
  /// `roots` with every variable that `replacements` mentions replaced by its term.
  public func substitute(_ replacements: [Term: Term], in roots: [Term]) -> [Term] {
    if replacements.isEmpty { return roots }
    let live = support(of: roots)
    return withPlaces(of: live) { places in
      var images = [Term?](repeating: nil, count: live.count)
      for (term, image) in replacements {
        let place = places[term]
        if place < live.count, live[place] == term { images[place] = image }
      }
      for (place, term) in live.enumerated() where images[place] == nil {
        let old = children(term)
        let new = old.changed { images[places[$0]] ?? $0 }
        images[place] = old == new ? term : reapply(term, to: new)
      }
      return roots.map { images[places[$0]] ?? $0 }
    }
  }

  /// The operator of `term` with its parameters, applied to other children by its constructor.
  func reapply(_ term: Term, to children: TermOperands) -> Term {
    switch operation(term) {
    case .constant, .variable: return term
    case .not: return not(children[0])
    case .and: return and(children[0], children[1])
    case .or: return or(children[0], children[1])
    case .xor: return xor(children[0], children[1])
    case .equal: return equal(children[0], children[1])
    case .ifThenElse: return ifThenElse(children[0], children[1], children[2])
    case .negate: return negate(children[0])
    case .add: return add(children[0], children[1])
    case .multiply: return multiply(children[0], children[1])
    case .unsignedDivide: return unsignedDivide(children[0], children[1])
    case .unsignedRemainder: return unsignedRemainder(children[0], children[1])
    case .signedDivide: return signedDivide(children[0], children[1])
    case .signedRemainder: return signedRemainder(children[0], children[1])
    case .shiftLeft: return shiftLeft(children[0], children[1])
    case .logicalShiftRight: return logicalShiftRight(children[0], children[1])
    case .arithmeticShiftRight: return arithmeticShiftRight(children[0], children[1])
    case .unsignedLess: return unsignedLess(children[0], children[1])
    case .signedLess: return signedLess(children[0], children[1])
    case .concat: return concat(children[0], children[1])
    case .extract:
      let bounds = bounds(term) ?? (width(term) - 1, 0)
      return extract(children[0], bounds.high, bounds.low)
    case .signExtend: return signExtend(children[0], to: width(term))
    case .select: return select(children[0], children[1])
    case .store: return store(children[0], children[1], children[2])
    case .constantArray:
      guard case .array(let index, _) = sort(term) else { return term }
      return constantArray(children[0], index: index)
    }
  }
}
