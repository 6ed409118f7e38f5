/// The constructor of `ite`.
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
    if let result = extendedChoice(condition, then, otherwise) { return result }
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

  /// Sign extensions stay outside the choice.
  private func extendedChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    guard operation(then) == .signExtend || operation(otherwise) == .signExtend,
      let (narrowThen, narrowOtherwise) = signNarrowed(then, otherwise)
    else { return nil }
    return signExtend(ifThenElse(condition, narrowThen, narrowOtherwise), to: width(then))
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
}
