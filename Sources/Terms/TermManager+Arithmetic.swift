/// Constructors of sums and products, in the normal form of polynomials over Z/2ʷ.
extension TermManager {
  public func add(_ left: Term, _ right: Term) -> Term {
    precondition(sort(left) == sort(right), "bvadd of \(sort(left)) and \(sort(right))")
    if let a = value(left), let b = value(right) { return constant(a.adding(b)) }
    if let sum = addLimbs(left, right) { return sum }
    return combineSums(left, right, factor: 1)
      ?? (isZero(left) ? right : isZero(right) ? left : node(.add, sort(left), left, right))
  }

  public func subtract(_ left: Term, _ right: Term) -> Term {
    if let a = value(left), let b = value(right) { return constant(a.subtracting(b)) }
    return combineSums(left, right, factor: .max) ?? add(left, negate(right))
  }

  /// The sum of two values of more than 64 bits that are put together from parts: 64-bit limb by limb.
  private func addLimbs(_ left: Term, _ right: Term) -> Term? {
    guard width(left) > 64, hasParts(left), hasParts(right), !isConstant(left) || !isConstant(right)
    else {
      return nil
    }
    return sumOfLimbs(left, right)
  }

  /// The sum of two values of more than 64 bits as its lowest 64 bits and the others, with the carry
  /// between them, as code computes it.
  private func sumOfLimbs(_ left: Term, _ right: Term) -> Term {
    let width = width(left)
    let (a, b) = (extract(left, 63, 0), extract(right, 63, 0))
    let low = add(a, b)
    let carry = bits(unsignedLess(low, a), width: width - 64)
    let high = add(
      add(extract(left, width - 1, 64), extract(right, width - 1, 64)), carry)
    return concat(high, low)
  }

  /// A sum of two values of more than 64 bits as its limbs; nil for other terms.
  func limbs(_ term: Term) -> Term? {
    guard width(term) > 64, operation(term) == .add else { return nil }
    let (left, right) = (first(term), second(term))
    guard [left, right].allSatisfy({ operation($0) != .add && operation($0) != .negate })
    else { return nil }
    return sumOfLimbs(left, right)
  }

  /// Whether a term is put together from parts, so that cutting it at bit 64 costs little.
  private func hasParts(_ term: Term) -> Bool {
    operation(term) == .concat || isConstant(term)
  }

  public func negate(_ term: Term) -> Term {
    if let value = value(term) { return constant(value.negated()) }
    if operation(term) == .negate { return first(term) }
    if let form = linear(term) {
      return build(LinearForm(width: width(term)).adding(form, times: .max))
    }
    return node(.negate, sort(term), term)
  }

  public func multiply(_ left: Term, _ right: Term) -> Term {
    precondition(sort(left) == sort(right), "bvmul of \(sort(left)) and \(sort(right))")
    if let a = value(left), let b = value(right) { return constant(a.multiplying(b)) }
    if isConstant(right) { return multiply(right, left) }
    if isZero(left) { return left }
    if let product = multiplyLimbs(left, right) { return product }
    guard let a = linear(left), let b = linear(right),
      a.monomials.count * b.monomials.count <= LinearForm.limit
    else {
      return left.index < right.index
        ? node(.multiply, sort(left), left, right) : node(.multiply, sort(left), right, left)
    }
    return build(product(a, b))
  }

  private func product(_ left: LinearForm, _ right: LinearForm) -> LinearForm {
    var sum = LinearForm(width: left.width).adding(right, times: left.constant)
    var scaled = left
    scaled.constant = 0
    sum = sum.adding(scaled, times: right.constant)
    for a in left.monomials {
      for b in right.monomials {
        var monomial = LinearForm(width: left.width)
        monomial.monomials = [(productNode(a.term, b.term), 1)]
        sum = sum.adding(
          multiple(a.term, b.term) ?? multiple(b.term, a.term) ?? monomial,
          times: a.coefficient &* b.coefficient)
      }
    }
    return sum
  }

  /// The product of two 128-bit values whose upper halves are known apart: the full product of the
  /// lower halves, and what the upper ones add above it.
  private func multiplyLimbs(_ left: Term, _ right: Term) -> Term? {
    guard width(left) == 128,
      [left, right].allSatisfy({ hasParts($0) || operation($0) == .signExtend })
    else { return nil }
    let (a, b) = (extract(left, 63, 0), extract(right, 63, 0))
    let (highA, highB) = (extract(left, 127, 64), extract(right, 127, 64))
    if isZero(highA), isZero(highB) { return nil }
    let low = multiply(zeroExtend(a, to: 128), zeroExtend(b, to: 128))
    let high = add(
      extract(low, 127, 64), add(multiply(highA, b), multiply(a, highB)))
    return concat(high, extract(low, 63, 0))
  }

  /// A quotient times its divisor: the dividend less the remainder, which is so for zero too.
  private func multiple(_ quotient: Term, _ divisor: Term) -> LinearForm? {
    let operation = operation(quotient)
    guard operation == .unsignedDivide || operation == .signedDivide, second(quotient) == divisor,
      let dividend = linear(first(quotient))
    else { return nil }
    let remainder =
      operation == .unsignedDivide
      ? unsignedRemainder(first(quotient), divisor) : signedRemainder(first(quotient), divisor)
    return linear(remainder).map { dividend.adding($0, times: .max) }
  }

  /// The product of two terms that are not sums, as a sorted chain of factors.
  private func productNode(_ left: Term, _ right: Term) -> Term {
    var factors: [Term] = []
    for side in [left, right] {
      var rest = side
      while operation(rest) == .multiply, !isConstant(first(rest)) {
        factors.append(second(rest))
        rest = first(rest)
      }
      factors.append(rest)
    }
    factors.sort { $0.index < $1.index }
    return factors.dropFirst().reduce(factors[0]) { node(.multiply, sort(left), $0, $1) }
  }

  func isZero(_ term: Term) -> Bool { value(term)?.isZero ?? false }

  private func combineSums(_ left: Term, _ right: Term, factor: UInt128) -> Term? {
    guard let a = linear(left), let b = linear(right) else { return nil }
    let sum = a.adding(b, times: factor)
    return sum.monomials.count <= LinearForm.limit ? build(sum) : nil
  }

  // MARK: Linear forms

  /// The constant and the terms with their coefficients that `term` is the sum of, modulo 2^width;
  /// nil beyond 64 bits or where the sum is too long to normalise.
  package func sum(
    of term: Term
  ) -> (constant: UInt64, parts: [(term: Term, coefficient: UInt64)])? {
    guard width(term) <= 64, let form = linear(term) else { return nil }
    return (
      UInt64(form.constant), form.monomials.map { ($0.term, UInt64($0.coefficient)) }
    )
  }

  /// A term as a sum; nil beyond 128 bits or where the sum is too long to normalise.
  func linear(_ term: Term) -> LinearForm? {
    let width = width(term)
    guard width <= 128 else { return nil }
    if operation(term) != .add { return summand(term) }
    var result = LinearForm(width: width)
    var rest = term
    while operation(rest) == .add {
      guard result.monomials.count < LinearForm.limit, let part = summand(second(rest)) else {
        return nil
      }
      result = result.adding(part)
      rest = first(rest)
    }
    return summand(rest).map { result.adding($0) }
  }

  private func summand(_ term: Term) -> LinearForm? {
    let width = width(term)
    var form = LinearForm(width: width)
    switch operation(term) {
    case .constant:
      form.constant = value(term)?.low128 ?? 0
    case .negate, .not:
      guard let inner = linear(first(term)) else { return nil }
      if operation(term) == .not { form.constant = form.mask }
      return form.adding(inner, times: .max)
    case .multiply where isConstant(first(term)):
      guard let inner = linear(second(term)) else { return nil }
      return form.adding(inner, times: value(first(term))?.low128 ?? 0)
    case .signExtend where self.width(first(term)) == 1:
      form.monomials = [(zeroExtend(first(term), to: width), form.mask)]
    case .concat:
      guard let shifted = shiftedSum(term) else { fallthrough }
      return shifted
    default:
      form.monomials = [(term, 1)]
    }
    return form
  }

  /// `concat(s, 0…0)`, with zeros above or not, as 2ᵏ times `s`.
  private func shiftedSum(_ term: Term) -> LinearForm? {
    var low = second(term)
    if isZero(first(term)), operation(low) == .concat { low = second(low) }
    let width = width(term)
    guard isZero(low), let inner = linear(extract(term, width - 1, self.width(low))) else {
      return nil
    }
    let factor = UInt128(1) << UInt128(self.width(low))
    var sum = LinearForm(width: width, constant: inner.constant &* factor)
    for (part, coefficient) in inner.monomials {
      var monomial = LinearForm(width: width)
      monomial.monomials = [(lift(part, to: width, depth: 4), 1)]
      sum = sum.adding(monomial, times: coefficient &* factor)
    }
    return sum
  }

  /// A term of `width` bits whose low bits are those of `term`; the other bits are arbitrary.
  private func lift(_ term: Term, to width: Int, depth: Int) -> Term {
    let operation = operation(term)
    switch operation {
    case .extract where bounds(term)?.low == 0:
      let source = first(term)
      return self.width(source) >= width
        ? extract(source, width - 1, 0) : zeroExtend(source, to: width)
    case .and, .or, .xor:
      guard depth > 0 else { return zeroExtend(term, to: width) }
      let left = lift(first(term), to: width, depth: depth - 1)
      let right = lift(second(term), to: width, depth: depth - 1)
      return operation == .and
        ? and(left, right) : operation == .or ? or(left, right) : xor(left, right)
    default: return zeroExtend(term, to: width)
    }
  }

  /// The term of a sum: monomials in order, then the constant.
  private func build(_ form: LinearForm) -> Term {
    var result: Term?
    for (term, coefficient) in form.monomials {
      let part = scaled(term, coefficient, form)
      result = result.map { node(.add, .bitVector(form.width), $0, part) } ?? part
    }
    let constant = constant(BitVector(wide: form.constant, width: form.width))
    guard let result else { return constant }
    return form.constant == 0 ? result : node(.add, .bitVector(form.width), result, constant)
  }

  private func scaled(_ term: Term, _ coefficient: UInt128, _ form: LinearForm) -> Term {
    if coefficient == 1 { return term }
    if coefficient == form.mask {
      // Zero less one bit is that bit in all places: the form that masks have.
      if let bit = extendedBit(term) { return node(.signExtend, .bitVector(form.width), bit) }
      return node(.negate, .bitVector(form.width), term)
    }
    if coefficient.nonzeroBitCount == 1 {
      return shiftLeft(term, by: coefficient.trailingZeroBitCount)
    }
    let factor = constant(BitVector(wide: coefficient, width: form.width))
    return node(.multiply, .bitVector(form.width), factor, term)
  }

  /// The bit that `term` is the zero extension of, if it is one.
  private func extendedBit(_ term: Term) -> Term? {
    guard operation(term) == .concat, isZero(first(term)), width(second(term)) == 1 else {
      return nil
    }
    return second(term)
  }

  // MARK: Comparisons of sums

  /// `left = right` with what both sides share removed; nil where neither side is a sum.
  func linearEqual(_ left: Term, _ right: Term) -> Term? {
    guard isSum(left) || isSum(right), let a = linear(left), let b = linear(right) else {
      return nil
    }
    let difference = a.adding(b, times: .max)
    guard
      difference.monomials.count < a.monomials.count + b.monomials.count
        || difference.monomials.count <= 2
    else { return nil }
    var (positive, negative) = (LinearForm(width: a.width), LinearForm(width: a.width))
    for (term, coefficient) in difference.monomials {
      if difference.isNegative(coefficient) {
        negative.monomials.append((term, (0 &- coefficient) & difference.mask))
      } else {
        positive.monomials.append((term, coefficient))
      }
    }
    if positive.monomials.isEmpty {
      (positive, negative) = (negative, positive)
      negative.constant = difference.constant
    } else {
      negative.constant = (0 &- difference.constant) & difference.mask
    }
    let (newLeft, newRight) = (build(positive), build(negative))
    return newLeft == left && newRight == right || newLeft == right && newRight == left
      ? nil : equal(newLeft, newRight)
  }

  private func isSum(_ term: Term) -> Bool {
    operation(term) == .add || operation(term) == .negate
  }

  /// `a + b <u a` is the carry of the sum: one form for both summands, none for constants.
  func carryOut(_ left: Term, _ right: Term) -> Term? {
    guard operation(left) == .add, !isConstant(right) || isConstant(second(left)) else {
      return nil
    }
    let other = subtract(left, right)
    if let addend = value(other) {
      return addend.isZero ? nil : not(unsignedLess(right, constant(addend.negated())))
    }
    if isConstant(right) {
      return other == first(left) && second(left) == right
        ? not(unsignedLess(other, negate(right))) : nil
    }
    guard operation(other) != .add, operation(other) != .negate, other.index < right.index else {
      return nil
    }
    return unsignedLess(left, other)
  }
}
