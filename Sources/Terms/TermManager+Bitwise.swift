/// Constructors of `not`, `and`, `or`, `xor` on Booleans and on bit-vectors.
///
/// Conjunctions, disjunctions and exclusive ors are kept as sorted chains of distinct leaves, up
/// to `chainLimit` of them, so that equal trees are the same node.
extension TermManager {
  private static let chainLimit = 24

  /// All ones (or true) of `sort`.
  func ones(_ sort: Sort) -> Term {
    sort == .bool ? `true` : constant(BitVector.ones(sort.width))
  }

  /// All zeros (or false) of `sort`.
  func zero(_ sort: Sort) -> Term {
    sort == .bool ? `false` : constant(0, width: sort.width)
  }

  public func not(_ term: Term) -> Term {
    let sort = sort(term)
    if let value = value(term) {
      return sort == .bool ? bool(value.isZero) : constant(value.complement())
    }
    switch operation(term) {
    case .not: return first(term)
    case .ifThenElse where isConstant(second(term)) || isConstant(third(term)):
      return ifThenElse(first(term), not(second(term)), not(third(term)))
    case .concat: return concat(not(first(term)), not(second(term)))
    case .signExtend: return signExtend(not(first(term)), to: sort.width)
    default: return node(.not, sort, term)
    }
  }

  public func and(_ left: Term, _ right: Term) -> Term {
    if left == `true`, isBool(right) { return right }
    if right == `true`, isBool(left) { return left }
    return strictOrder(left, right) ?? strictOrder(right, left) ?? combine(.and, left, right)
  }

  /// Neither less nor equal is greater.
  private func strictOrder(_ left: Term, _ right: Term) -> Term? {
    guard operation(left) == .not, operation(right) == .not else { return nil }
    let (less, same) = (first(left), first(right))
    let order = operation(less)
    // The equality of concatenations is a conjunction.
    guard order == .unsignedLess || order == .signedLess,
      operation(same) == .equal || operation(same) == .and
    else { return nil }
    let (a, b) = (first(less), second(less))
    guard equal(a, b) == same else { return nil }
    return order == .unsignedLess ? unsignedLess(b, a) : signedLess(b, a)
  }

  public func or(_ left: Term, _ right: Term) -> Term {
    // On Booleans one operator is enough: the dual form finds more common subterms.
    isBool(left) ? not(and(not(left), not(right))) : combine(.or, left, right)
  }

  public func xor(_ left: Term, _ right: Term) -> Term {
    if let result = xorConstants(left, right) ?? xorConstants(right, left) { return result }
    if operation(left) == .not { return not(xor(first(left), right)) }
    if operation(right) == .not { return not(xor(left, first(right))) }
    return combine(.xor, left, right)
  }

  private func xorConstants(_ left: Term, _ right: Term) -> Term? {
    let sort = sort(left)
    if left == zero(sort) { return right }
    if left == ones(sort) { return not(right) }
    return nil
  }

  public func and(_ terms: [Term]) -> Term { terms.reduce(`true`, and) }

  public func or(_ terms: [Term]) -> Term { terms.reduce(`false`, or) }

  public func implies(_ left: Term, _ right: Term) -> Term { not(and(left, not(right))) }

  // MARK: Chains

  private func combine(_ operation: Operator, _ left: Term, _ right: Term) -> Term {
    let sort = sort(left)
    precondition(sort == self.sort(right), "\(operation) of \(sort) and \(self.sort(right))")
    if isConstant(left), isConstant(right), let a = value(left), let b = value(right),
      let result = operation.meaning(a, b, a)
    {
      return sort == .bool ? bool(!result.isZero) : constant(result)
    }
    if let sum = sumOfApart(operation, left, right) ?? sumOfApart(operation, right, left) {
      return sum
    }
    if let split = splitAtConcat(operation, left, right) { return split }
    if operation == .and, let masked = withoutSigns(left, right) ?? withoutSigns(right, left) {
      return masked
    }
    if let masked = mask(operation, left, right) ?? mask(operation, right, left) {
      return masked
    }
    if let chosen = choose(operation, left, right) ?? choose(operation, right, left) {
      return chosen
    }
    if isLeaf(left, of: operation), isLeaf(right, of: operation) {
      return couple(operation, sort, left, right)
    }
    var leaves: [Term] = []
    guard collect(operation, left, into: &leaves), collect(operation, right, into: &leaves)
    else { return pair(operation, sort, left, right) }
    return chain(operation, sort, leaves)
  }

  /// `or` and `xor` of a remainder and something that has no bit in common with it: with a constant the sum, else
  /// the remainder's bits beside the others.
  private func sumOfApart(_ operation: Operator, _ term: Term, _ other: Term) -> Term? {
    guard operation != .and, self.operation(term) == .add, !isBool(term),
      isConstant(other) || self.operation(other) == .concat, let bits = boundedBits(term),
      bits < width(term)
    else { return nil }
    if let value = value(other) {
      return value.trailingZeroBits >= bits ? add(term, other) : nil
    }
    return combine(operation, bounded(term), other)
  }

  /// The leaves of a chain of one operator; false if there are too many.
  private func collect(_ operation: Operator, _ term: Term, into leaves: inout [Term]) -> Bool {
    var rest = term
    while self.operation(rest) == operation {
      if leaves.count >= TermManager.chainLimit { return false }
      leaves.append(second(rest))
      rest = first(rest)
    }
    leaves.append(rest)
    return true
  }

  private func pair(_ operation: Operator, _ sort: Sort, _ left: Term, _ right: Term) -> Term {
    if left == right { return operation == .xor ? zero(sort) : left }
    let (low, high) = left.index < right.index ? (left, right) : (right, left)
    return node(operation, sort, low, high)
  }

  private func isLeaf(_ term: Term, of operation: Operator) -> Bool {
    self.operation(term) != operation && !isConstant(term)
  }

  /// The chain of two leaves, neither of them constant.
  private func couple(_ operation: Operator, _ sort: Sort, _ left: Term, _ right: Term) -> Term {
    if operation != .xor, isComplement(left, of: right) || isComplement(right, of: left) {
      return operation == .and ? zero(sort) : ones(sort)
    }
    return pair(operation, sort, left, right)
  }

  private func isComplement(_ term: Term, of other: Term) -> Bool {
    operation(term) == .not && first(term) == other
  }

  private func chain(_ operation: Operator, _ sort: Sort, _ leaves: [Term]) -> Term {
    let neutral = operation == .and ? ones(sort) : zero(sort)
    var kept: [Term] = []
    var constant = neutral
    for leaf in leaves.sorted(by: { $0.index < $1.index }) {
      if isConstant(leaf) {
        constant = combine(operation, constant, leaf)
      } else if kept.last == leaf {
        if operation == .xor { kept.removeLast() }
      } else {
        kept.append(leaf)
      }
    }
    if operation != .xor {
      let absorbing = operation == .and ? zero(sort) : ones(sort)
      if constant == absorbing || hasComplement(kept) { return absorbing }
    }
    if operation == .xor, constant == ones(sort), let last = kept.popLast() {
      return not(kept.reduce(last) { node(.xor, sort, min($0, $1), max($0, $1)) })
    }
    if constant != neutral || kept.isEmpty { kept.append(constant) }
    let head = kept.removeFirst()
    return kept.reduce(head) { node(operation, sort, $0, $1) }
  }

  private func min(_ left: Term, _ right: Term) -> Term {
    left.index < right.index ? left : right
  }

  private func max(_ left: Term, _ right: Term) -> Term {
    left.index < right.index ? right : left
  }

  private func hasComplement(_ leaves: [Term]) -> Bool {
    leaves.contains { operation($0) == .not && leaves.contains(first($0)) }
  }

  /// `and` of a sign extension and a constant that takes none of the copies of the sign: zeros are as good.
  private func withoutSigns(_ term: Term, _ mask: Term) -> Term? {
    guard operation(term) == .signExtend, let bits = value(mask) else { return nil }
    let (narrow, width) = (first(term), width(term))
    guard bits.extracting(width - 1, self.width(narrow)).isZero else { return nil }
    return combine(.and, zeroExtend(narrow, to: width), mask)
  }

  /// The most runs of equal bits for which a constant mask is taken apart.
  private static let maskRuns = 4

  /// `and` and `or` with a constant of few runs of equal bits keep some parts of the term and
  /// replace the others.
  private func mask(_ operation: Operator, _ term: Term, _ mask: Term) -> Term? {
    guard operation != .xor, isConstant(mask), !isBool(term), let bits = value(mask) else {
      return nil
    }
    var runs: [(high: Int, low: Int)] = []
    var low = 0
    for index in 1...bits.width
    where index == bits.width || bits.bit(index) != bits.bit(low) {
      runs.append((index - 1, low))
      low = index
      if runs.count > TermManager.maskRuns { return nil }
    }
    return concat(
      runs.reversed().map { run in
        bits.bit(run.low) == (operation == .and)
          ? extract(term, run.high, run.low) : extract(mask, run.high, run.low)
      })
  }

  /// `and` and `or` with one bit in all places choose between the term and a constant.
  private func choose(_ operation: Operator, _ term: Term, _ mask: Term) -> Term? {
    guard operation != .xor, self.operation(mask) == .signExtend, width(first(mask)) == 1 else {
      return nil
    }
    let sort = sort(term)
    let isSet = equal(first(mask), constant(1, width: 1))
    return operation == .and
      ? ifThenElse(isSet, term, zero(sort)) : ifThenElse(isSet, ones(sort), term)
  }

  /// A bitwise operator of two concatenations (or one and a constant) works on their parts.
  private func splitAtConcat(_ operation: Operator, _ left: Term, _ right: Term) -> Term? {
    if self.operation(right) == .concat, self.operation(left) != .concat {
      return splitAtConcat(operation, right, left)
    }
    guard self.operation(left) == .concat,
      self.operation(right) == .concat || isConstant(right)
    else { return nil }
    let cut = width(second(left))
    let high = combine(operation, first(left), extract(right, width(left) - 1, cut))
    let low = combine(operation, second(left), extract(right, cut - 1, 0))
    return concat(high, low)
  }
}
