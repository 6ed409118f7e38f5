/// Constructors that cut and join bit-vectors: `concat`, `extract`, extensions, shifts, rotations.
///
/// Zero extension is concatenation with zeros, and a shift by a constant is an extract next to
/// zeros, so that there is one form of each.
extension TermManager {
  /// `high` above `low`.
  public func concat(_ high: Term, _ low: Term) -> Term {
    if let joined = joinedConstant(high, low) { return joined }
    // Right-leaning: the first child is never a concatenation itself.
    if operation(high) == .concat { return concat(first(high), concat(second(high), low)) }
    if let joined = join(high, low) ?? signExtended(high, low) { return joined }
    if operation(low) == .concat, let joined = join(high, first(low)) {
      return concat(joined, second(low))
    }
    return node(.concat, .bitVector(width(high) + width(low)), high, low)
  }

  /// The parts from the most significant down.
  public func concat(_ parts: [Term]) -> Term {
    guard let last = parts.last else { preconditionFailure("concat of nothing") }
    if parts.allSatisfy(isConstant) {
      return constant(BitVector(joining: parts.compactMap(value)))
    }
    return parts.dropLast().reversed().reduce(last) { concat($1, $0) }
  }

  /// Two constants as one; nil for other terms.
  private func joinedConstant(_ high: Term, _ low: Term) -> Term? {
    guard isConstant(high), isConstant(low) else { return nil }
    let (top, cut) = (width(high), width(low))
    if top + cut <= 64, let a = small(high), let b = small(low) {
      return constant(a << UInt64(cut) | b, width: top + cut)
    }
    guard let a = value(high), let b = value(low) else { return nil }
    return constant(a.concatenating(b))
  }

  /// Two neighbours as one term that is not a concatenation, if there is one.
  private func join(_ high: Term, _ low: Term) -> Term? {
    if let joined = joinedConstant(high, low) { return joined }
    if let upper = bounds(high) {
      let source = first(high)
      if let lower = bounds(low), first(low) == source, upper.low == lower.high + 1 {
        return extract(source, upper.high, lower.low)
      }
      if low == source, upper.low == width(source) { return nil }
      // The low bits of arithmetic are arithmetic on low bits.
      if upper.low == width(low), isArithmetic(source), extract(source, upper.low - 1, 0) == low {
        return extract(source, upper.high, 0)
      }
    }
    if let quotient = extendedQuotient(high, low) { return quotient }
    if operation(high) == .ifThenElse, operation(low) == .ifThenElse,
      first(high) == first(low)
    {
      return joinedChoices(high, low)
    }
    return nil
  }

  /// As many copies of a term's highest bit above it as it has bits, which is how vectors are widened: its sign
  /// extension.
  private func signExtended(_ high: Term, _ low: Term) -> Term? {
    guard operation(high) == .signExtend, width(first(high)) == 1, width(high) == width(low)
    else { return nil }
    let top = width(low) - 1
    guard first(high) == extract(low, top, top) || first(high) == bits(isNegative(low))
    else { return nil }
    return signExtend(low, to: width(high) + width(low))
  }

  private func isArithmetic(_ term: Term) -> Bool {
    [.add, .multiply, .negate].contains(operation(term))
  }

  /// Choices by the same condition as a choice of what they join to. Choices share what they choose
  /// between, so each pair is joined once.
  private func joinedChoices(_ high: Term, _ low: Term) -> Term {
    let pair = UInt64(high.index) << 32 | UInt64(low.index)
    if let known = joints[pair] { return known }
    let joined = ifThenElse(
      first(high), concat(second(high), second(low)), concat(third(high), third(low)))
    joints[pair] = joined
    return joined
  }

  /// Bits `high` down to `low`, both included.
  public func extract(_ term: Term, _ high: Int, _ low: Int) -> Term {
    let width = width(term)
    precondition(high < width && low <= high && low >= 0, "extract \(high) \(low) of \(width)")
    if low == 0, high == width - 1 { return term }
    if width <= 64, let word = small(term) {
      return constant(word >> UInt64(low), width: high - low + 1)
    }
    if let value = value(term) { return constant(value.extracting(high, low)) }
    switch operation(term) {
    case .extract:
      let inner = bounds(term)?.low ?? 0
      return extract(first(term), high + inner, low + inner)
    case .concat: return extractOfConcat(term, high, low)
    case .signExtend: return extractOfSignExtend(term, high, low)
    default:
      // Shared parts are cut once, and not at any depth, so that the cost stays that of the term.
      let cut = Cut(term: term, high: high, low: low)
      if let known = cuts[cut] { return known }
      guard cutDepth < TermManager.cutDepthLimit else { return extractNode(term, high, low) }
      cutDepth += 1
      let result = extractOfOperator(term, high, low)
      cutDepth -= 1
      cuts[cut] = result
      return result
    }
  }

  private func extractOfOperator(_ term: Term, _ high: Int, _ low: Int) -> Term {
    if let quotient = extractOfDivision(term, high, low) { return quotient }
    if operation(term) == .add, low > 0, let bits = boundedBits(term), bits <= high {
      return bits <= low
        ? constant(0, width: high - low + 1)
        : zeroExtend(extract(term, bits - 1, low), to: high - low + 1)
    }
    switch operation(term) {
    case .not: return not(extract(first(term), high, low))
    case .and, .or, .xor:
      return pushed(term, high, low)
    case .add where low == 0, .multiply where low == 0:
      return pushed(term, high, low)
    case .negate where low == 0: return negate(extract(first(term), high, low))
    case .ifThenElse where isSimpleCut(second(term)) || isSimpleCut(third(term)):
      return ifThenElse(
        first(term), extract(second(term), high, low), extract(third(term), high, low))
    default: return extractNode(term, high, low)
    }
  }

  /// Bits of a quotient, or of what code computes one by.
  private func extractOfDivision(_ term: Term, _ high: Int, _ low: Int) -> Term? {
    switch operation(term) {
    case .multiply where low > 0, .add where low > 0: extractOfReciprocal(term, high, low)
    case .unsignedDivide: extractOfQuotient(term, high, low)
    case .signedDivide: extractOfSignedQuotient(term, high, low)
    default: nil
    }
  }

  /// Whether cutting a term, or what it chooses between in a few steps, leaves less of it.
  private func isSimpleCut(_ term: Term, steps: Int = 3) -> Bool {
    switch operation(term) {
    case .constant, .concat, .extract, .signExtend: true
    case .ifThenElse where steps > 0:
      isSimpleCut(second(term), steps: steps - 1) || isSimpleCut(third(term), steps: steps - 1)
    default: false
    }
  }

  private func pushed(_ term: Term, _ high: Int, _ low: Int) -> Term {
    let left = extract(first(term), high, low)
    let right = extract(second(term), high, low)
    switch operation(term) {
    case .and: return and(left, right)
    case .or: return or(left, right)
    case .xor: return xor(left, right)
    case .add: return add(left, right)
    default: return multiply(left, right)
    }
  }

  private func extractOfConcat(_ term: Term, _ high: Int, _ low: Int) -> Term {
    let cut = width(second(term))
    if low >= cut { return extract(first(term), high - cut, low - cut) }
    if high < cut { return extract(second(term), high, low) }
    return concat(
      extract(first(term), high - cut, 0), extract(second(term), cut - 1, low))
  }

  private func extractOfSignExtend(_ term: Term, _ high: Int, _ low: Int) -> Term {
    let top = width(first(term)) - 1
    if high <= top { return extract(first(term), high, low) }
    return signExtend(extract(first(term), top, Swift.min(low, top)), to: high - low + 1)
  }

  // MARK: Extension

  /// Zero bits above, up to `width` bits in all.
  public func zeroExtend(_ term: Term, to width: Int) -> Term {
    let own = self.width(term)
    precondition(width >= own, "zero extension of \(own) bits to \(width)")
    return width == own ? term : concat(constant(0, width: width - own), term)
  }

  /// Copies of the sign bit above, up to `width` bits in all.
  public func signExtend(_ term: Term, to width: Int) -> Term {
    let own = self.width(term)
    precondition(width >= own, "sign extension of \(own) bits to \(width)")
    if width == own { return term }
    if let value = value(term) { return constant(value.signExtended(to: width)) }
    if operation(term) == .signExtend { return signExtend(first(term), to: width) }
    if isZeroExtended(term) { return zeroExtend(term, to: width) }
    if let (high, low) = bounds(term), low > 0, high == self.width(first(term)) - 1,
      let floor = flooredQuotient(first(term), low, width: width)
    {
      return floor
    }
    return node(.signExtend, .bitVector(width), term)
  }

  /// One for true and zero for false, `width` bits wide.
  public func bits(_ condition: Term, width: Int = 1) -> Term {
    precondition(isBool(condition), "bits of a term that is not Boolean")
    return zeroExtend(
      ifThenElse(condition, constant(1, width: 1), constant(0, width: 1)), to: width)
  }

  /// Whether bit `index` is set.
  public func bit(_ term: Term, _ index: Int) -> Term {
    equal(extract(term, index, index), constant(1, width: 1))
  }

  // MARK: Shifts

  public func shiftLeft(_ term: Term, _ count: Term) -> Term {
    guard let amount = value(count) else { return shiftNode(.shiftLeft, term, count) }
    return shiftLeft(term, by: amount.shiftCount(width(term)))
  }

  public func logicalShiftRight(_ term: Term, _ count: Term) -> Term {
    guard let amount = value(count) else { return shiftNode(.logicalShiftRight, term, count) }
    return logicalShiftRight(term, by: amount.shiftCount(width(term)))
  }

  public func arithmeticShiftRight(_ term: Term, _ count: Term) -> Term {
    if isZeroExtended(term) { return logicalShiftRight(term, count) }
    guard let amount = value(count) else {
      return shiftNode(.arithmeticShiftRight, term, count)
    }
    return arithmeticShiftRight(term, by: amount.shiftCount(width(term)))
  }

  private func shiftNode(_ operation: Operator, _ term: Term, _ count: Term) -> Term {
    precondition(sort(term) == sort(count), "shift of \(sort(term)) by \(sort(count))")
    if let value = value(term), value.isZero { return term }
    return node(operation, sort(term), term, count)
  }

  public func shiftLeft(_ term: Term, by count: Int) -> Term {
    let width = width(term)
    if count == 0 { return term }
    if count >= width { return constant(0, width: width) }
    return concat(extract(term, width - 1 - count, 0), constant(0, width: count))
  }

  public func logicalShiftRight(_ term: Term, by count: Int) -> Term {
    let width = width(term)
    if count >= width { return constant(0, width: width) }
    return zeroExtend(extract(term, width - 1, count), to: width)
  }

  public func arithmeticShiftRight(_ term: Term, by count: Int) -> Term {
    let width = width(term)
    return signExtend(extract(term, width - 1, Swift.min(count, width - 1)), to: width)
  }

  /// Rotation to the left by `count` modulo the width.
  public func rotateLeft(_ term: Term, by count: Int) -> Term {
    let width = width(term)
    let amount = count % width
    if amount == 0 { return term }
    return concat(
      extract(term, width - 1 - amount, 0), extract(term, width - 1, width - amount))
  }

  /// Rotation to the left by `count` modulo the width, which is a power of two.
  public func rotateLeft(_ term: Term, _ count: Term) -> Term {
    let width = width(term)
    precondition(width.nonzeroBitCount == 1, "rotation of \(width) bits by a variable count")
    let amount = unsignedRemainder(count, constant(UInt64(width), width: width))
    let rest = unsignedRemainder(negate(count), constant(UInt64(width), width: width))
    return or(shiftLeft(term, amount), logicalShiftRight(term, rest))
  }

  /// Rotation to the right by `count` modulo the width, which is a power of two.
  public func rotateRight(_ term: Term, _ count: Term) -> Term {
    rotateLeft(term, negate(count))
  }
}
