import Terms

/// Sums and differences that stop at the ends of the range, and other operations on one element.
extension TermManager {
  func signedSum(_ left: Term, _ right: Term) -> Term {
    let width = width(left)
    return saturatedSigned(
      add(signExtend(left, to: width + 1), signExtend(right, to: width + 1)), to: width)
  }

  func signedDifference(_ left: Term, _ right: Term) -> Term {
    let width = width(left)
    return saturatedSigned(
      subtract(signExtend(left, to: width + 1), signExtend(right, to: width + 1)), to: width)
  }

  func unsignedSum(_ left: Term, _ right: Term) -> Term {
    let sum = add(left, right)
    return ifThenElse(unsignedLess(sum, left), constant(.ones(width(left))), sum)
  }

  func unsignedDifference(_ left: Term, _ right: Term) -> Term {
    ifThenElse(
      unsignedLess(left, right), constant(0, width: width(left)), subtract(left, right))
  }

  /// The distance of two unsigned numbers.
  func absoluteDifference(_ left: Term, _ right: Term) -> Term {
    ifThenElse(unsignedLess(left, right), subtract(right, left), subtract(left, right))
  }

  /// All ones where the condition holds, else all zeros.
  func filled(_ condition: Term, width: Int) -> Term {
    ifThenElse(condition, constant(.ones(width)), constant(0, width: width))
  }

  /// The product of `width` bits each at twice the width.
  func wideProduct(_ left: Term, _ right: Term, isSigned: Bool) -> Term {
    let width = 2 * self.width(left)
    return isSigned
      ? multiply(signExtend(left, to: width), signExtend(right, to: width))
      : multiply(zeroExtend(left, to: width), zeroExtend(right, to: width))
  }
}
