import Terms

/// Shapes that machine code makes and that single nodes rarely meet by chance.
extension ExpressionGenerator {
  /// A Boolean of one of the shapes.
  mutating func template(_ depth: Int) -> Int {
    let sort = Sort.bitVector(width)
    let (a, b) = (make(sort, depth - 2), make(sort, depth - 2))
    switch random.below(12) {
    case 0:  // The carry of a sum.
      let sum = add(.add, random.once(in: 2) ? [a, b] : [b, a], sort)
      let other = random.once(in: 4) ? make(sort, 0) : random.once(in: 2) ? a : b
      return add(comparison(), random.once(in: 4) ? [other, sum] : [sum, other], .bool)
    case 1:  // The borrow of a difference, and its zero.
      let difference = add(.subtract, [a, b], sort)
      return add(comparison(), [difference, random.once(in: 2) ? a : make(sort, 0)], .bool)
    case 2: return extensions(depth)
    case 3: return signedOverflow(a, b)
    case 4:  // Sums on both sides.
      let c = make(sort, depth - 2)
      let (left, right) = (add(.add, [a, c], sort), add(.subtract, [b, c], sort))
      return add(
        comparison(), [left, random.once(in: 2) ? right : add(.add, [b, c], sort)], .bool)
    case 5:  // A comparison against an extreme.
      let extreme = add(.constant(random.bits(width)), [], sort)
      return add(comparison(), random.once(in: 2) ? [a, extreme] : [extreme, a], .bool)
    case 6:  // The same condition twice.
      let condition = make(.bool, depth - 2)
      let inner = add(.ifThenElse, [condition, a, b], sort)
      let outer = add(
        .ifThenElse, random.once(in: 2) ? [condition, inner, a] : [condition, b, inner], sort)
      return add(comparison(), [outer, make(sort, depth - 2)], .bool)
    case 7: return flips(a, b, depth)
    case 8: return limbs(a, b)
    case 9 where width <= 8: return quotient(a)
    case 10 where width <= 8: return multiple(a)
    default:  // Complement and negation.
      let mixed = add(.add, [add(.not, [a], sort), add(.negate, [b], sort)], sort)
      return add(comparison(), [mixed, random.once(in: 2) ? a : make(sort, 1)], .bool)
    }
  }

  /// A comparison of values some of whose bits are flipped, or of a choice between such values.
  private mutating func flips(_ a: Int, _ b: Int, _ depth: Int) -> Int {
    let sort = Sort.bitVector(width)
    let top = BitVector(1, width: width).shiftedLeft(width - 1)
    let masks = [top, top.complement(), random.bits(width)]
    let mask = masks[random.below(masks.count)]
    func flipped(_ operand: Int, _ generator: inout ExpressionGenerator) -> Int {
      if generator.random.once(in: 4) { return generator.add(.not, [operand], sort) }
      return generator.add(.xor, [operand, generator.add(.constant(mask), [], sort)], sort)
    }
    let (left, right) = (flipped(a, &self), flipped(b, &self))
    if random.once(in: 2) {
      let other = random.once(in: 2) ? make(sort, 0) : add(.constant(random.bits(width)), [], sort)
      return add(comparison(), random.once(in: 2) ? [left, right] : [left, other], .bool)
    }
    let choice = add(.ifThenElse, [make(.bool, depth - 2), left, right], sort)
    return add(comparison(), [choice, random.once(in: 2) ? left : make(sort, 0)], .bool)
  }

  /// A sum of more than 64 bits against the sum of its parts with the carry between them, or nearly.
  private mutating func limbs(_ a: Int, _ b: Int) -> Int {
    let sort = Sort.bitVector(width)
    let sum = add(.add, [a, b], sort)
    guard width > 64 else { return add(.equal, [sum, make(sort, 1)], .bool) }
    let (low, high) = (Sort.bitVector(64), Sort.bitVector(width - 64))
    func part(_ operand: Int, _ isLow: Bool, _ generator: inout ExpressionGenerator) -> Int {
      generator.add(
        isLow ? .extract(63, 0) : .extract(generator.width - 1, 64), [operand],
        isLow ? low : high)
    }
    let (lowA, lowB) = (part(a, true, &self), part(b, true, &self))
    let lowSum = add(.add, [lowA, lowB], low)
    let carry = add(.unsignedLess, [lowSum, random.once(in: 4) ? lowSum : lowB], .bool)
    let upper = add(.add, [part(a, false, &self), part(b, false, &self)], high)
    let bit = add(.bits, [carry], high)
    let whole = add(.concat, [add(.add, [upper, bit], high), lowSum], sort)
    return add(.equal, random.once(in: 2) ? [whole, sum] : [sum, whole], .bool)
  }

  private mutating func number(_ value: Int, _ width: Int) -> Int {
    add(.constant(BitVector(UInt64(value), width: width)), [], .bitVector(width))
  }

  /// A product with a reciprocal, shifted, against a division by a constant, or nearly.
  private mutating func quotient(_ a: Int) -> Int {
    let (sort, wide) = (Sort.bitVector(width), Sort.bitVector(2 * width))
    let isSigned = random.once(in: 2)
    let divisor = 1 + random.below(1 << width - 1)
    let shift = width + random.below(width)
    let multiplier = (1 << shift - 1) / divisor + 1 + (random.once(in: 4) ? 1 : 0)
    let number = add(isSigned ? .signExtend : .zeroExtend, [a], wide)
    let product = add(.multiply, [self.number(multiplier, 2 * width), number], wide)
    let upper = add(.extract(2 * width - 1, width), [product], sort)
    let half = add(.logicalShiftRightBy(1), [add(.subtract, [a, upper], sort)], sort)
    let whole =
      random.once(in: 2) ? upper : add(.add, [random.once(in: 2) ? half : a, upper], sort)
    let rounded = add(
      isSigned ? .arithmeticShiftRightBy(shift - width) : .logicalShiftRightBy(shift - width),
      [whole], sort)
    let sign = add(.arithmeticShiftRightBy(width - 1), [a], sort)
    let found = random.once(in: 2) ? rounded : add(.subtract, [rounded, sign], sort)
    let kind: Expression.Kind = isSigned ? .signedDivide : .unsignedDivide
    let expected = add(kind, [a, self.number(divisor, width)], sort)
    return add(comparison(), [found, expected], .bool)
  }

  /// The comparison of a rotated product, which may ask for multiples of a constant.
  private mutating func multiple(_ a: Int) -> Int {
    let sort = Sort.bitVector(width)
    let factor = number(1 | random.below(1 << width), width)
    let product = add(.multiply, [factor, a], sort)
    let sum =
      random.once(in: 2)
      ? product : add(.add, [product, number(random.below(1 << width), width)], sort)
    let rotated = add(.rotateLeftBy(random.below(width)), [sum], sort)
    let bound = number(random.below(1 << width), width)
    return add(comparison(), random.once(in: 2) ? [rotated, bound] : [bound, rotated], .bool)
  }

  private mutating func extensions(_ depth: Int) -> Int {
    let wide = Sort.bitVector(2 * width)
    func kind() -> Expression.Kind { random.once(in: 2) ? .zeroExtend : .signExtend }
    let own = random.once(in: 3) ? 1 + random.below(width) : width
    let left = add(kind(), [make(.bitVector(own), depth - 2)], wide)
    let right =
      random.once(in: 3)
      ? add(.constant(random.bits(2 * width)), [], wide)
      : add(kind(), [make(.bitVector(width), depth - 2)], wide)
    return add(comparison(), random.once(in: 2) ? [left, right] : [right, left], .bool)
  }

  /// `SF ≠ OF` after a comparison.
  private mutating func signedOverflow(_ a: Int, _ b: Int) -> Int {
    let sort = Sort.bitVector(width)
    let difference = add(.subtract, [a, b], sort)
    let sides = add(.xor, [a, b], sort)
    let change = add(.xor, [a, difference], sort)
    let overflow = add(.isNegative, [add(.and, [sides, change], sort)], .bool)
    return add(.xor, [add(.isNegative, [difference], .bool), overflow], .bool)
  }
}
