/// Constructors of `=` and the comparisons.
extension TermManager {
  // MARK: Equality

  public func equal(_ left: Term, _ right: Term) -> Term {
    let sort = sort(left)
    precondition(sort == self.sort(right), "= of \(sort) and \(self.sort(right))")
    if left == right { return `true` }
    if sort == .bool { return not(xor(left, right)) }
    if case .array = sort { return arrayEqual(left, right) }
    if isConstant(left), isConstant(right) { return `false` }
    if isConstant(left) { return equal(right, left) }
    if let result = linearEqual(left, right) { return result }
    if let result = equalParts(left, right) { return result }
    return left.index < right.index
      ? node(.equal, .bool, left, right) : node(.equal, .bool, right, left)
  }

  public func distinct(_ left: Term, _ right: Term) -> Term { not(equal(left, right)) }

  /// Equality seen through concatenations, choices of constants, extensions and complements.
  private func equalParts(_ left: Term, _ right: Term) -> Term? {
    if operation(left) == .concat || operation(right) == .concat {
      let (whole, given) = operation(left) == .concat ? (left, right) : (right, left)
      let cut = width(second(whole))
      let other = cut == 64 ? limbs(given) ?? given : given
      if isZero(first(whole)), operation(other) == .add, width(other) <= 64,
        UnsignedRange.of(other, in: self).high >> UInt64(cut) == 0
      {
        return equal(second(whole), extract(other, cut - 1, 0))
      }
      guard operation(other) == .concat || isConstant(other) else { return nil }
      return and(
        equal(first(whole), extract(other, width(whole) - 1, cut)),
        equal(second(whole), extract(other, cut - 1, 0)))
    }
    if operation(left) == .not, operation(right) == .not || isConstant(right) {
      return equal(first(left), not(right))
    }
    if let result = equalChoices(left, right) { return result }
    if operation(left) == .signExtend, operation(right) == .signExtend,
      let (narrowLeft, narrowRight) = signNarrowed(left, right)
    {
      return equal(narrowLeft, narrowRight)
    }
    guard isConstant(right) else { return nil }
    switch operation(left) {
    case .ifThenElse where isConstant(second(left)) || isConstant(third(left)):
      return ifThenElse(first(left), equal(second(left), right), equal(third(left), right))
    case .signExtend:
      let narrow = first(left)
      let low = extract(right, width(narrow) - 1, 0)
      return signExtend(low, to: width(left)) == right ? equal(narrow, low) : `false`
    default: return nil
    }
  }

  /// Choices by the same condition with the same arm are equal where the condition chooses that, or the other arms are.
  private func equalChoices(_ left: Term, _ right: Term) -> Term? {
    // One after the other, since memory is read by chains of thousands.
    var (left, right) = (left, right)
    var common: [Term] = []
    while operation(left) == .ifThenElse, operation(right) == .ifThenElse,
      first(left) == first(right)
    {
      if second(left) == second(right) {
        common.append(first(left))
        (left, right) = (third(left), third(right))
      } else if third(left) == third(right) {
        common.append(not(first(left)))
        (left, right) = (second(left), second(right))
      } else {
        break
      }
    }
    return common.isEmpty ? nil : or(or(common), equal(left, right))
  }

  // MARK: Order

  public func unsignedLess(_ left: Term, _ right: Term) -> Term {
    let width = width(left)
    precondition(sort(left) == sort(right), "bvult of \(sort(left)) and \(sort(right))")
    if let a = value(left), let b = value(right) { return bool(a.isLess(unsigned: b)) }
    if left == right { return `false` }
    if let b = value(right) {
      if b.isZero { return `false` }
      if b.low == 1, b.asUInt64 == 1 { return equal(left, constant(0, width: width)) }
      if b.isAllOnes { return distinct(left, right) }
      let most = constant(b.subtracting(BitVector(1, width: width)))
      if let result = isNoMultiple(left, above: most) { return not(result) }
    }
    if let a = value(left) {
      if a.isZero { return distinct(right, left) }
      if a.isAllOnes { return `false` }
      if let result = isNoMultiple(right, above: left) { return result }
    }
    if let result = lessOfRemainder(left, right) { return result }
    if let result = lessOfExtended(left, right) { return result }
    if let result = carryOut(left, right) { return result }
    if let result = lessOfFlipped(left, right, isSigned: false) { return result }
    return node(.unsignedLess, .bool, left, right)
  }

  /// A remainder and a constant beside a bound that none of its values, or all of them, are below or above.
  private func lessOfRemainder(_ left: Term, _ right: Term) -> Term? {
    if let bound = small(right), let range = remainderRange(left) {
      if range.upperBound < bound { return `true` }
      return range.lowerBound >= bound ? `false` : nil
    }
    if let bound = small(left), let range = remainderRange(right) {
      if bound < range.lowerBound { return `true` }
      return bound >= range.upperBound ? `false` : nil
    }
    return nil
  }

  public func unsignedLessOrEqual(_ left: Term, _ right: Term) -> Term {
    not(unsignedLess(right, left))
  }

  public func signedLess(_ left: Term, _ right: Term) -> Term {
    precondition(sort(left) == sort(right), "bvslt of \(sort(left)) and \(sort(right))")
    if let a = value(left), let b = value(right) { return bool(a.isLess(signed: b)) }
    if left == right { return `false` }
    let width = width(left)
    if let b = value(right) {
      if b.isZero { return isNegative(left) }
      if b.signBit, b.trailingZeroBits == width - 1 { return `false` }
    }
    if let a = value(left) {
      if a.isAllOnes { return not(isNegative(right)) }
      if a == BitVector.ones(width).shiftedRight(logical: 1) { return `false` }
    }
    if isZeroExtended(left), isZeroExtended(right) { return unsignedLess(left, right) }
    if operation(left) == .signExtend || operation(right) == .signExtend,
      let (narrowLeft, narrowRight) = signNarrowed(left, right)
    {
      return signedLess(narrowLeft, narrowRight)
    }
    if let result = lessOfFlipped(left, right, isSigned: true) { return result }
    return node(.signedLess, .bool, left, right)
  }

  public func signedLessOrEqual(_ left: Term, _ right: Term) -> Term {
    not(signedLess(right, left))
  }

  /// Whether the top bit is set.
  public func isNegative(_ term: Term) -> Term {
    let top = width(term) - 1
    return equal(extract(term, top, top), constant(1, width: 1))
  }

  /// Whether the top bit is known to be clear, by a constant zero part or a constant.
  func isZeroExtended(_ term: Term) -> Bool {
    if let value = value(term) { return !value.signBit }
    guard operation(term) == .concat else { return isSmallQuotient(term) }
    return isZeroExtended(first(term))
  }

  /// Two terms without the sign extension that they have in common, constants taken for one where they can be; nil
  /// where there is none.
  func signNarrowed(_ left: Term, _ right: Term) -> (Term, Term)? {
    let both = [left, right]
    let widths = both.filter { operation($0) == .signExtend }.map { width(first($0)) }
    guard let common = widths.max() else { return nil }
    let narrow = both.compactMap { term -> Term? in
      guard operation(term) == .signExtend || isConstant(term) else { return nil }
      let low = extract(term, common - 1, 0)
      return signExtend(low, to: width(term)) == term ? low : nil
    }
    return narrow.count == 2 ? (narrow[0], narrow[1]) : nil
  }

  /// An unsigned comparison of values whose upper parts are equal is one of the lower parts.
  private func lessOfExtended(_ left: Term, _ right: Term) -> Term? {
    guard operation(left) == .concat || operation(right) == .concat,
      operation(left) == .concat || isConstant(left),
      operation(right) == .concat || isConstant(right)
    else { return nil }
    let whole = operation(left) == .concat ? left : right
    let (top, cut) = (width(whole) - 1, width(second(whole)))
    let (highLeft, highRight) = (extract(left, top, cut), extract(right, top, cut))
    let (lowLeft, lowRight) = (extract(left, cut - 1, 0), extract(right, cut - 1, 0))
    if highLeft == highRight { return unsignedLess(lowLeft, lowRight) }
    if lowLeft == lowRight { return unsignedLess(highLeft, highRight) }
    guard isConstant(highLeft), isConstant(highRight) else { return nil }
    return unsignedLess(highLeft, highRight)
  }
}
