import Terms

/// Decides conditions on values that are only moved, chosen and compared: they depend on nothing but
/// the order of the inputs and of the constants they are compared with, ties included. Trying one
/// assignment for each such order is complete.
package struct OrderAbstraction {
  /// More assignments than this are not tried.
  private static let limit = 1 << 20
  private static let lanes = 512

  /// What a value depends on.
  private enum Kind {
    /// A constant, or a choice of constants.
    case constant
    /// An input or a choice of inputs and constants: only its order matters.
    case data
    /// Truths of comparisons, and whatever is computed from those and constants.
    case control
  }

  private let terms: TermManager
  private let isBad: Term
  private var kinds: [Term: Kind] = [:]
  private var variables: [Int: [Term]] = [:]
  private var constants: [Int: Set<UInt64>] = [:]
  private var flags: [Term] = []
  private var comparesSigned = false
  private var comparesUnsigned = false

  /// Nil where the condition does more with its inputs than moving and comparing them.
  package init?(_ terms: TermManager, isBad: Term) {
    self.terms = terms
    self.isBad = isBad
    for term in terms.support(of: [isBad]) {
      guard let kind = take(term) else { return nil }
      kinds[term] = kind
    }
  }

  /// Whether the assignments are few enough to be tried.
  package var isShort: Bool { choices != nil }

  /// That each variable has one of the values to try, or one near them: where the condition has no
  /// solution of this kind it has none.
  package var isRepresentative: Term {
    terms.and(
      variables.flatMap { width, members in
        let runs = runs(points(width, members.count))
        return members.map { isWithin(runs, $0) }
      })
  }

  /// The runs of successive numbers among `values`.
  private func runs(_ values: [UInt64]) -> [ClosedRange<UInt64>] {
    values.sorted().reduce(into: []) { runs, value in
      if let last = runs.last, last.upperBound + 1 == value {
        runs[runs.count - 1] = last.lowerBound...value
      } else {
        runs.append(value...value)
      }
    }
  }

  /// That the bits of a variable above those in which the ends of a run differ are those of the run,
  /// for one of them.
  private func isWithin(_ runs: [ClosedRange<UInt64>], _ variable: Term) -> Term {
    let width = terms.width(variable)
    return terms.or(
      runs.map { run in
        let open = 64 - (run.lowerBound ^ run.upperBound).leadingZeroBitCount
        guard open < width else { return terms.true }
        return terms.equal(
          terms.extract(variable, width - 1, open),
          terms.constant(run.lowerBound >> UInt64(open), width: width - open))
      })
  }

  /// What a term depends on, whose operands are known; nil for more than order.
  private mutating func take(_ term: Term) -> Kind? {
    let children = terms.children(term)
    let operands = children.compactMap { kinds[$0] }
    switch terms.operation(term) {
    case .variable: return takeVariable(term)
    case .constant:
      if terms.isBool(term) { return .control }
      guard let value = terms.small(term) else { return nil }
      constants[terms.width(term), default: []].insert(value)
      return .constant
    case .ifThenElse: return Self.joined(operands[1], operands[2])
    case .unsignedLess, .signedLess, .equal:
      guard let joined = Self.joined(operands[0], operands[1]) else { return nil }
      if joined == .data {
        if terms.operation(term) == .unsignedLess { comparesUnsigned = true }
        if terms.operation(term) == .signedLess { comparesSigned = true }
      }
      return .control
    case .not, .and, .or, .xor, .negate, .add, .multiply, .unsignedDivide, .unsignedRemainder,
      .signedDivide, .signedRemainder, .shiftLeft, .logicalShiftRight, .arithmeticShiftRight,
      .concat, .extract, .signExtend:
      return operands.contains(.data) ? nil : .control
    case .select, .store, .constantArray: return nil
    }
  }

  /// What a choice between two values is, or nil where it is neither data nor control.
  private static func joined(_ first: Kind, _ second: Kind) -> Kind? {
    if first == second { return first }
    if first == .constant { return second }
    return second == .constant ? first : nil
  }

  private mutating func takeVariable(_ term: Term) -> Kind? {
    switch terms.sort(term) {
    case .bool:
      flags.append(term)
      return .control
    case .bitVector(let width) where width <= 64:
      variables[width, default: []].append(term)
      return .data
    case .bitVector, .array: return nil
    }
  }

  /// The values to try for the variables of one width: the constants, and in each gap between them
  /// as many as there are variables. Any assignment can be mapped into them without changing an
  /// order. Where signed and unsigned order both matter, gaps end at the sign boundary.
  private func points(_ width: Int, _ count: Int) -> [UInt64] {
    let last = UInt64.max >> UInt64(64 - width)
    // In signed order the sign bit counts the other way.
    let flip = comparesSigned && !comparesUnsigned ? last / 2 + 1 : 0
    let fixed = Set((constants[width] ?? []).map { $0 ^ flip })
    let cuts = comparesSigned && comparesUnsigned ? [last / 2] : []
    var result = fixed
    var start: UInt64 = 0
    func fill(through end: UInt64) {
      var next = start
      for _ in 0..<count {
        result.insert(next)
        if next == end { return }
        next += 1
      }
    }
    for (value, isFixed) in (fixed.map { ($0, true) } + cuts.map { ($0, false) })
      .sorted(by: { ($0.0, $0.1 ? 0 : 1) < ($1.0, $1.1 ? 0 : 1) })
    {
      let end = isFixed ? value : value + 1
      if start < end { fill(through: end - 1) }
      if isFixed, value == last { return result.map { $0 ^ flip } }
      start = Swift.max(start, value + 1)
    }
    fill(through: last)
    return result.map { $0 ^ flip }
  }

  /// For each variable the values to try; nil where there are too many assignments.
  private var choices: [(variable: Term, values: [UInt64])]? {
    var result = flags.map { (variable: $0, values: [UInt64(0), 1]) }
    for (width, members) in variables {
      let values = points(width, members.count)
      result += members.map { ($0, values) }
    }
    var count = 1
    for choice in result {
      count *= choice.values.count
      if count > OrderAbstraction.limit { return nil }
    }
    return result
  }

  /// A model of the condition; nil if it has none. Only where `isShort`: of fewer assignments nothing
  /// follows.
  package func model() -> Model? {
    guard let choices else { preconditionFailure("too many assignments to be tried") }
    let count = choices.reduce(1) { $0 * $1.values.count }
    var evaluator = Evaluator(terms, roots: [isBad], lanes: OrderAbstraction.lanes)
    for start in stride(from: 0, to: count, by: OrderAbstraction.lanes) {
      var scale = 1
      for (variable, values) in choices {
        let step = scale
        // Lanes beyond the last assignment repeat the first ones.
        evaluator.set(variable) { values[(start + $0) / step % values.count] }
        scale *= values.count
      }
      evaluator.run()
      if let lane = evaluator.firstLane(where: isBad) {
        return Model(evaluator, lane: lane, terms)
      }
    }
    return nil
  }
}
