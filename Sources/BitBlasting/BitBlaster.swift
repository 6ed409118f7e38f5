import Terms

/// Terms as circuits: one literal for each bit, the least significant first; Booleans are one bit.
public struct BitBlaster {
  public typealias Literal = AndInverterGraph.Literal

  /// Why a term has no circuit here.
  public enum Failure: Error, Equatable {
    /// Arrays that are stored to, chosen between or compared have no bits of their own.
    case array
    /// More nodes than the limit.
    case tooLarge
  }

  public private(set) var graph = AndInverterGraph()
  /// The bits of each variable that occurs.
  public private(set) var inputs: [Term: [Literal]] = [:]
  /// The elements of arrays that are variables, each taken for a variable of its own: whatever holds of those holds
  /// of the elements, but not the other way round.
  public private(set) var elements: Set<Term> = []

  let terms: TermManager
  private let nodeLimit: Int
  /// The bits of each term that has some, by its position.
  private var bits: ContiguousArray<[Literal]> = []

  /// - Parameter nodeLimit: the most nodes that the circuit may have.
  public init(_ terms: TermManager, nodeLimit: Int = 1 << 20) {
    self.terms = terms
    self.nodeLimit = nodeLimit
  }

  /// The bits of `root`.
  public mutating func blast(_ root: Term) throws(Failure) -> [Literal] {
    let missing = root.position + 1 - bits.count
    if missing > 0 { bits.append(contentsOf: repeatElement([], count: missing)) }
    for term in terms.support(of: [root]) where bits[term.position].isEmpty {
      if case .array = terms.sort(term) {
        guard terms.operation(term) == .variable else { throw .array }
        continue
      }
      bits[term.position] = try circuit(term)
      if graph.nodeCount > nodeLimit { throw .tooLarge }
    }
    return bits[root.position]
  }

  private mutating func circuit(_ term: Term) throws(Failure) -> [Literal] {
    let children = terms.children(term)
    func operand(_ index: Int) -> [Literal] { bits[children[index].position] }
    let width = terms.width(term)
    switch terms.operation(term) {
    case .constant: return constant(terms.value(term) ?? .zero(width))
    case .variable:
      let fresh = (0..<width).map { _ in graph.input() }
      inputs[term] = fresh
      return fresh
    case .not: return operand(0).map { !$0 }
    case .and: return zip(operand(0), operand(1)).map { graph.and($0, $1) }
    case .or: return zip(operand(0), operand(1)).map { graph.or($0, $1) }
    case .xor: return zip(operand(0), operand(1)).map { graph.xor($0, $1) }
    case .equal:
      if case .array = terms.sort(children[0]) { throw .array }
      return [equal(operand(0), operand(1))]
    case .ifThenElse: return choose(operand(0)[0], operand(1), operand(2))
    case .negate: return negate(operand(0))
    case .add: return sum(children, operand(0), operand(1))
    case .multiply: return multiply(operand(0), operand(1))
    case .unsignedDivide:
      if let quotient = quotient(operand(0), children[1]) { return quotient }
      return try divide(operand(0), operand(1)).quotient
    case .unsignedRemainder: return try divide(operand(0), operand(1)).remainder
    case .signedDivide: return try divideSigned(operand(0), operand(1)).quotient
    case .signedRemainder: return try divideSigned(operand(0), operand(1)).remainder
    case .shiftLeft:
      return shift(operand(0).reversed(), operand(1), filling: AndInverterGraph.false).reversed()
    case .logicalShiftRight:
      return shift(operand(0), operand(1), filling: AndInverterGraph.false)
    case .arithmeticShiftRight:
      return shift(operand(0), operand(1), filling: operand(0)[operand(0).count - 1])
    case .unsignedLess: return [less(operand(0), operand(1))]
    case .signedLess: return [less(biased(operand(0)), biased(operand(1)))]
    case .concat: return operand(1) + operand(0)
    case .extract:
      let (high, low) = terms.bounds(term) ?? (width - 1, 0)
      return Array(operand(0)[low...high])
    case .signExtend:
      let sign = operand(0)[operand(0).count - 1]
      return operand(0) + [Literal](repeating: sign, count: width - operand(0).count)
    case .select:
      elements.insert(term)
      return (0..<width).map { _ in graph.input() }
    case .store, .constantArray: throw .array
    }
  }

  private func constant(_ value: BitVector) -> [Literal] {
    (0..<value.width).map { value.bit($0) ? AndInverterGraph.true : AndInverterGraph.false }
  }

  // MARK: Choice and comparison

  private mutating func choose(
    _ condition: Literal, _ then: [Literal], _ otherwise: [Literal]
  ) -> [Literal] {
    zip(then, otherwise).map { graph.choose(condition, $0, $1) }
  }

  private mutating func equal(_ left: [Literal], _ right: [Literal]) -> Literal {
    zip(left, right).map { !graph.xor($0, $1) }.reduce(AndInverterGraph.true) { graph.and($0, $1) }
  }

  /// No carry out of `left - right`.
  private mutating func less(_ left: [Literal], _ right: [Literal]) -> Literal {
    var carry = AndInverterGraph.true
    for (a, b) in zip(left, right) { carry = graph.add(a, !b, carry).carry }
    return !carry
  }

  /// With the sign inverted, signed order becomes unsigned order.
  private func biased(_ value: [Literal]) -> [Literal] {
    value.dropLast() + [!value[value.count - 1]]
  }

  // MARK: Arithmetic

  private mutating func add(
    _ left: [Literal], _ right: [Literal], carry: Literal = AndInverterGraph.false
  ) -> [Literal] {
    var carry = carry
    return zip(left, right).map { a, b in
      let (sum, next) = graph.add(a, b, carry)
      carry = next
      return sum
    }
  }

  /// A sum; with a negated operand a subtraction, whose carries a comparison shares.
  private mutating func sum(
    _ children: TermOperands, _ left: [Literal], _ right: [Literal]
  ) -> [Literal] {
    for (index, child) in children.enumerated() where terms.operation(child) == .negate {
      let subtrahend = bits[terms.children(child)[0].position]
      return add(
        index == 0 ? right : left, subtrahend.map { !$0 }, carry: AndInverterGraph.true)
    }
    return add(left, right)
  }

  private mutating func negate(_ value: [Literal]) -> [Literal] {
    let zero = [Literal](repeating: AndInverterGraph.false, count: value.count)
    return add(zero, value.map { !$0 }, carry: AndInverterGraph.true)
  }

  private mutating func multiply(_ left: [Literal], _ right: [Literal]) -> [Literal] {
    // Rows are added for the operand with more constant bits: those cost nothing.
    let constants = [left, right].map { bits in bits.count { $0.code < 2 } }
    let (rows, other) = constants[0] > constants[1] ? (left, right) : (right, left)
    var result = [Literal](repeating: AndInverterGraph.false, count: left.count)
    if let digits = SignedDigits(rows) {
      for (index, digit) in digits.values.enumerated() where digit != 0 {
        let row = other.dropLast(index).map { digit > 0 ? $0 : !$0 }
        let carry = digit > 0 ? AndInverterGraph.false : AndInverterGraph.true
        result.replaceSubrange(index..., with: add(Array(result[index...]), row, carry: carry))
      }
      return result
    }
    for (index, bit) in rows.enumerated() where bit != AndInverterGraph.false {
      let row = other.dropLast(index).map { graph.and(bit, $0) }
      result.replaceSubrange(index..., with: add(Array(result[index...]), row))
    }
    return result
  }

  /// A quotient by a constant: the upper bits of the product with its reciprocal.
  private mutating func quotient(_ dividend: [Literal], _ divisor: Term) -> [Literal]? {
    guard let value = terms.small(divisor),
      let reciprocal = Reciprocal(dividing: dividend.count, by: value)
    else { return nil }
    let width = Swift.max(2 * dividend.count + 1, reciprocal.shift + dividend.count)
    let zeros = [Literal](
      repeating: AndInverterGraph.false, count: width - dividend.count)
    let factor = constant(BitVector(wide: reciprocal.multiplier, width: 128))
    let padding = [Literal](
      repeating: AndInverterGraph.false, count: Swift.max(0, width - factor.count))
    let product = multiply(Array(factor.prefix(width)) + padding, dividend + zeros)
    return Array(product.dropFirst(reciprocal.shift).prefix(dividend.count))
  }

  /// Restoring division, with SMT-LIB's meaning of division by zero: all ones, and the dividend.
  private mutating func divide(
    _ dividend: [Literal], _ divisor: [Literal]
  ) throws(Failure) -> (quotient: [Literal], remainder: [Literal]) {
    // One bit wider, so that shifting loses nothing.
    let wide = divisor + [AndInverterGraph.false]
    var remainder = [Literal](repeating: AndInverterGraph.false, count: wide.count)
    var quotient = dividend
    for index in dividend.indices.reversed() {
      remainder = [dividend[index]] + remainder.dropLast()
      let isSmaller = less(remainder, wide)
      let difference = add(remainder, wide.map { !$0 }, carry: AndInverterGraph.true)
      remainder = choose(isSmaller, remainder, difference)
      quotient[index] = !isSmaller
      if graph.nodeCount > nodeLimit { throw .tooLarge }
    }
    return (quotient, Array(remainder.dropLast()))
  }

  private mutating func divideSigned(
    _ dividend: [Literal], _ divisor: [Literal]
  ) throws(Failure) -> (quotient: [Literal], remainder: [Literal]) {
    let (sign, other) = (dividend[dividend.count - 1], divisor[divisor.count - 1])
    let unsigned = try divide(magnitude(dividend, sign), magnitude(divisor, other))
    let flips = graph.xor(sign, other)
    return (
      choose(flips, negate(unsigned.quotient), unsigned.quotient),
      choose(sign, negate(unsigned.remainder), unsigned.remainder)
    )
  }

  private mutating func magnitude(_ value: [Literal], _ sign: Literal) -> [Literal] {
    choose(sign, negate(value), value)
  }

  /// `value` moved towards its first bit; counts of its length and more leave only `filling`.
  private mutating func shift(
    _ value: [Literal], _ count: [Literal], filling: Literal
  ) -> [Literal] {
    var result = value
    var tooMuch = AndInverterGraph.false
    for (index, bit) in count.enumerated() {
      if index < 31, 1 << index < value.count {
        let distance = 1 << index
        let moved =
          result.dropFirst(distance) + [Literal](repeating: filling, count: distance)
        result = choose(bit, Array(moved), result)
      } else {
        tooMuch = graph.or(tooMuch, bit)
      }
    }
    return result.map { graph.choose(tooMuch, filling, $0) }
  }
}
