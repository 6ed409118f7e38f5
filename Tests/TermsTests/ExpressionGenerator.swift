import Terms

/// Makes random expressions that share nodes and are rich in the patterns that rewrites look for.
struct ExpressionGenerator {
  var random: SplitMix64
  /// The width that most nodes have; none is wider than twice of it.
  let width: Int
  /// Whether multiplications and divisions of two unknowns may occur.
  let multiplies: Bool
  private(set) var expression = Expression()
  private var pool: [Sort: [Int]] = [:]

  init(seed: UInt64, width: Int, multiplies: Bool, arrays: Bool = false) {
    random = SplitMix64(seed: seed)
    self.width = width
    self.multiplies = multiplies
    usesArrays = arrays
  }

  private let usesArrays: Bool

  /// An expression of a random sort.
  mutating func generate(depth: Int) -> Expression {
    _ = make(random.once(in: 3) ? .bool : .bitVector(width), depth)
    return expression
  }

  mutating func add(_ kind: Expression.Kind, _ operands: [Int], _ sort: Sort) -> Int {
    let index = expression.add(kind, operands, sort)
    pool[sort, default: []].append(index)
    return index
  }

  /// A node of `sort`: one that exists, a leaf, or an operator.
  mutating func make(_ sort: Sort, _ depth: Int) -> Int {
    if let known = pool[sort], random.once(in: 3), let found = known.randomElement(using: &random) {
      // A root has to be the last node.
      if depth < 90 { return found }
    }
    if depth <= 0 || random.once(in: 12) { return leaf(sort) }
    switch sort {
    case .bool: return boolean(depth)
    case .bitVector(let width): return bits(width, depth)
    case .array: return array(sort, depth)
    }
  }

  private mutating func leaf(_ sort: Sort) -> Int {
    switch sort {
    case .bitVector(let width) where random.once(in: 2):
      return add(.constant(random.bits(width)), [], sort)
    case .bool where random.once(in: 6): return add(.boolean(random.once(in: 2)), [], sort)
    case .array(let index, let element) where random.once(in: 3):
      _ = index
      return add(.constantArray, [leaf(.bitVector(element))], sort)
    default: return add(.variable("\(name(sort))\(random.below(3))"), [], sort)
    }
  }

  private func name(_ sort: Sort) -> String {
    switch sort {
    case .bool: "p"
    case .bitVector(let width): "x\(width)_"
    case .array(let index, let element): "m\(index)_\(element)_"
    }
  }

  /// A width to compare or cut at: mostly the main one.
  private mutating func anyWidth() -> Int {
    random.once(in: 3) ? 1 + random.below(min(2 * width, 130)) : width
  }

  // MARK: Booleans

  private mutating func boolean(_ depth: Int) -> Int {
    if random.once(in: 4) { return template(depth) }
    let connectives: [Expression.Kind] = [.and, .or, .xor, .implies, .equal, .distinct]
    switch random.below(16) {
    case 0...5:
      let kind = connectives[random.below(connectives.count)]
      return add(kind, [make(.bool, depth - 1), make(.bool, depth - 1)], .bool)
    case 6: return add(.not, [make(.bool, depth - 1)], .bool)
    case 7:
      return add(
        .ifThenElse,
        [make(.bool, depth - 1), make(.bool, depth - 1), make(.bool, depth - 1)], .bool)
    case 8: return add(.isNegative, [make(.bitVector(anyWidth()), depth - 1)], .bool)
    case 9:
      let own = anyWidth()
      return add(.bit(random.below(own)), [make(.bitVector(own), depth - 1)], .bool)
    case 10 where usesArrays:
      let sort = arraySort
      return add(.equal, [make(sort, depth - 1), make(sort, depth - 1)], .bool)
    default:
      let sort = Sort.bitVector(anyWidth())
      return add(comparison(), [make(sort, depth - 1), make(sort, depth - 1)], .bool)
    }
  }

  mutating func comparison() -> Expression.Kind {
    let all: [Expression.Kind] = [
      .equal, .distinct, .unsignedLess, .unsignedLessOrEqual, .signedLess, .signedLessOrEqual,
    ]
    return all[random.below(all.count)]
  }

  // MARK: Bit-vectors

  private mutating func bits(_ width: Int, _ depth: Int) -> Int {
    let sort = Sort.bitVector(width)
    switch random.below(20) {
    case 0...2: return cut(width, depth)
    case 3...4: return shift(width, depth)
    case 5...6: return choice(sort, depth)
    case 7: return add(.bits, [make(.bool, depth - 1)], sort)
    case 8: return add(.not, [make(sort, depth - 1)], sort)
    case 9: return add(.negate, [make(sort, depth - 1)], sort)
    case 10: return product(sort, depth)
    case 11 where usesArrays && width == elementWidth:
      return add(
        .select, [make(arraySort, depth - 1), make(.bitVector(indexWidth), depth - 1)], sort)
    default:
      let kinds: [Expression.Kind] = [.add, .add, .subtract, .subtract, .and, .or, .xor]
      let kind = kinds[random.below(kinds.count)]
      return add(kind, [make(sort, depth - 1), make(sort, depth - 1)], sort)
    }
  }

  private mutating func product(_ sort: Sort, _ depth: Int) -> Int {
    let kinds: [Expression.Kind] = [
      .multiply, .multiply, .multiply, .unsignedDivide, .unsignedRemainder, .signedDivide,
      .signedRemainder,
    ]
    let kind = kinds[random.below(multiplies ? kinds.count : 5)]
    let left = make(sort, depth - 1)
    let factor = add(.constant(random.bits(sort.width)), [], sort)
    if multiplies { return add(kind, [left, make(sort, depth - 1)], sort) }
    if kind == .multiply {
      return add(kind, random.once(in: 2) ? [left, factor] : [factor, left], sort)
    }
    if sort.width <= 6, random.once(in: 2) { return add(kind, [left, factor], sort) }
    let power = add(
      .constant(BitVector(1, width: sort.width).shiftedLeft(random.below(sort.width))), [], sort)
    return add(kind, [left, power], sort)
  }

  private mutating func choice(_ sort: Sort, _ depth: Int) -> Int {
    let condition = make(.bool, depth - 1)
    return add(
      .ifThenElse, [condition, make(sort, depth - 1), make(sort, depth - 1)], sort)
  }

  private mutating func cut(_ width: Int, _ depth: Int) -> Int {
    let sort = Sort.bitVector(width)
    let room = max(0, 2 * self.width - width)
    switch random.below(4) {
    case 0 where width > 1:
      let low = 1 + random.below(width - 1)
      return add(
        .concat,
        [make(.bitVector(width - low), depth - 1), make(.bitVector(low), depth - 1)], sort)
    case 1 where width > 1:
      let own = 1 + random.below(width)
      return add(
        random.once(in: 2) ? .zeroExtend : .signExtend, [make(.bitVector(own), depth - 1)], sort)
    default:
      let low = room > 0 && random.once(in: 2) ? random.below(room) : 0
      let above = room - low > 0 ? random.below(room - low + 1) : 0
      let source = make(.bitVector(width + low + above), depth - 1)
      return add(.extract(low + width - 1, low), [source], sort)
    }
  }

  private mutating func shift(_ width: Int, _ depth: Int) -> Int {
    let sort = Sort.bitVector(width)
    let value = make(sort, depth - 1)
    let count = random.below(width + (random.once(in: 8) ? 2 : 0))
    switch random.below(8) {
    case 0: return add(.shiftLeftBy(count), [value], sort)
    case 1: return add(.logicalShiftRightBy(count), [value], sort)
    case 2: return add(.arithmeticShiftRightBy(count), [value], sort)
    case 3: return add(.rotateLeftBy(count), [value], sort)
    case 4 where width.nonzeroBitCount == 1:
      return add(
        random.once(in: 2) ? .rotateLeft : .rotateRight, [value, make(sort, depth - 1)], sort)
    default:
      let kinds: [Expression.Kind] = [.shiftLeft, .logicalShiftRight, .arithmeticShiftRight]
      return add(kinds[random.below(3)], [value, make(sort, depth - 1)], sort)
    }
  }

  // MARK: Arrays

  private var indexWidth: Int { min(width, 8) }
  private var elementWidth: Int { width }
  private var arraySort: Sort { .array(index: indexWidth, element: elementWidth) }

  private mutating func array(_ sort: Sort, _ depth: Int) -> Int {
    if random.once(in: 5) { return choice(sort, depth) }
    return add(
      .store,
      [
        make(sort, depth - 1), make(.bitVector(indexWidth), depth - 1),
        make(.bitVector(elementWidth), depth - 1),
      ], sort)
  }
}
