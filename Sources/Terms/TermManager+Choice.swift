/// Constructors of `ite`, `=` and the comparisons.
extension TermManager {
  public func ifThenElse(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term {
    let sort = sort(then)
    precondition(sort == self.sort(otherwise), "ite of \(sort) and \(self.sort(otherwise))")
    if condition == `true` || then == otherwise { return then }
    if condition == `false` { return otherwise }
    if operation(condition) == .not { return ifThenElse(first(condition), otherwise, then) }
    // Deep in an `extract` a choice may be left as it stands.
    guard cutDepth == 0 else { return choice(sort, condition, then, otherwise) }
    if let known = choices.find(condition, then, otherwise) { return known }
    let result = choice(sort, condition, then, otherwise)
    choices.add(condition, then, otherwise, result)
    return result
  }

  /// `ite` of a condition that is neither constant nor negated, and different terms of a sort.
  private func choice(_ sort: Sort, _ condition: Term, _ then: Term, _ otherwise: Term) -> Term {
    if sort == .bool, let result = booleanChoice(condition, then, otherwise) { return result }
    if operation(then) == .ifThenElse, first(then) == condition {
      return ifThenElse(condition, second(then), otherwise)
    }
    if operation(otherwise) == .ifThenElse, first(otherwise) == condition {
      return ifThenElse(condition, then, third(otherwise))
    }
    if let result = constantChoice(condition, then, otherwise) { return result }
    if let result = differenceChoice(condition, then, otherwise) { return result }
    if operation(then) == .add || operation(otherwise) == .add,
      let result = sumChoice(condition, then, otherwise)
    {
      return result
    }
    if let result = nestedChoice(condition, then, otherwise) { return result }
    if let result = concatChoice(condition, then, otherwise) { return result }
    if let result = flippedChoice(condition, then, otherwise) { return result }
    return node(.ifThenElse, sort, condition, then, otherwise)
  }

  private func booleanChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    if then == `true` || then == condition { return or(condition, otherwise) }
    if then == `false` { return and(not(condition), otherwise) }
    if otherwise == `true` { return or(not(condition), then) }
    if otherwise == `false` || otherwise == condition { return and(condition, then) }
    if then == not(otherwise) { return not(xor(condition, then)) }
    return nil
  }

  /// `ite(a < b, b - a, a - b)` is `ite(b < a, a - b, b - a)`, since both are zero where a is b: the
  /// term that is older comes first.
  private func differenceChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    let comparison = operation(condition)
    guard comparison == .unsignedLess || comparison == .signedLess else { return nil }
    let (left, right) = (first(condition), second(condition))
    guard right.position < left.position, width(left) == width(then) else { return nil }
    let difference = subtract(left, right)
    guard then == difference || otherwise == difference, then == negate(otherwise) else {
      return nil
    }
    let swapped =
      comparison == .unsignedLess ? unsignedLess(right, left) : signedLess(right, left)
    return ifThenElse(swapped, otherwise, then)
  }

  /// `ite(c, a, ite(d, a, b))` is `ite(c or d, a, b)`, and so on for the other three places.
  private func nestedChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    if operation(otherwise) == .ifThenElse {
      if second(otherwise) == then {
        return ifThenElse(or(condition, first(otherwise)), then, third(otherwise))
      }
      if third(otherwise) == then {
        return ifThenElse(or(condition, not(first(otherwise))), then, second(otherwise))
      }
    }
    if operation(then) == .ifThenElse {
      if third(then) == otherwise {
        return ifThenElse(and(condition, first(then)), second(then), otherwise)
      }
      if second(then) == otherwise {
        return ifThenElse(and(condition, not(first(then))), third(then), otherwise)
      }
    }
    return nil
  }

  /// Sums that differ by a constant keep what they share outside the choice.
  private func sumChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    let difference = subtract(then, otherwise)
    guard isConstant(difference) else { return nil }
    return add(otherwise, ifThenElse(condition, difference, zero(sort(then))))
  }

  /// A choice of constants chooses only between the bits in which they differ, and one that is all
  /// zeros or all ones is a bit in all places.
  private func constantChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    let width = width(then)
    guard width > 1, let (high, low) = differingBits(then, otherwise) else { return nil }
    if low == 0, high == width - 1 {
      guard isUniform(then), isUniform(otherwise) else { return nil }
      return signExtend(
        ifThenElse(condition, extract(then, 0, 0), extract(otherwise, 0, 0)), to: width)
    }
    var result = ifThenElse(condition, extract(then, high, low), extract(otherwise, high, low))
    if low > 0 { result = concat(result, extract(then, low - 1, 0)) }
    if high < width - 1 { result = concat(extract(then, width - 1, high + 1), result) }
    return result
  }

  /// The highest and the lowest bit in which two different constants differ.
  private func differingBits(_ left: Term, _ right: Term) -> (high: Int, low: Int)? {
    let width = width(left)
    if width <= 64 {
      guard let a = small(left), let b = small(right) else { return nil }
      return (63 - (a ^ b).leadingZeroBitCount, (a ^ b).trailingZeroBitCount)
    }
    guard let a = value(left), let b = value(right) else { return nil }
    let difference = a.zip(b, ^)
    let low = difference.trailingZeroBits
    return ((low..<width).last { difference.bit($0) } ?? low, low)
  }

  /// Whether all bits of a constant are the same.
  private func isUniform(_ constant: Term) -> Bool {
    if let word = small(constant), width(constant) <= 64 {
      return word == 0 || word == BitVector.lastMask(width(constant))
    }
    return constant == zero(sort(constant)) || constant == ones(sort(constant))
  }

  /// Concatenations cut at the same place with a part in common keep that part outside.
  private func concatChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    guard operation(then) == .concat,
      operation(otherwise) == .concat || isConstant(otherwise)
    else {
      guard operation(otherwise) == .concat, isConstant(then) else { return nil }
      return concatChoice(not(condition), otherwise, then)
    }
    let cut = width(second(then))
    let high = extract(otherwise, width(then) - 1, cut)
    let low = extract(otherwise, cut - 1, 0)
    guard high == first(then) || low == second(then) else { return nil }
    return concat(
      ifThenElse(condition, first(then), high), ifThenElse(condition, second(then), low))
  }

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
      guard operation(other) == .concat || isConstant(other) else { return nil }
      return and(
        equal(first(whole), extract(other, width(whole) - 1, cut)),
        equal(second(whole), extract(other, cut - 1, 0)))
    }
    if operation(left) == .not, operation(right) == .not || isConstant(right) {
      return equal(first(left), not(right))
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
    if let result = lessOfExtended(left, right) { return result }
    if let result = carryOut(left, right) { return result }
    if let result = lessOfFlipped(left, right, isSigned: false) { return result }
    return node(.unsignedLess, .bool, left, right)
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
      let narrowLeft = signNarrowed(left, like: right),
      let narrowRight = signNarrowed(right, like: left)
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

  /// `term` without the sign extension that the other side of a comparison has.
  private func signNarrowed(_ term: Term, like other: Term) -> Term? {
    if operation(term) == .signExtend {
      let narrow = first(term)
      guard operation(other) != .signExtend || width(first(other)) == width(narrow) else {
        return nil
      }
      return narrow
    }
    guard operation(other) == .signExtend, isConstant(term) else { return nil }
    let low = extract(term, width(first(other)) - 1, 0)
    return signExtend(low, to: width(term)) == term ? low : nil
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
