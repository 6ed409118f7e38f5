import Terms

/// Decides conditions on values that are only moved, chosen and compared: they depend on nothing but
/// the order of the inputs and of the constants they are compared with, ties included. Trying one
/// assignment for each such order is complete.
struct OrderAbstraction {
  /// More assignments than this are not tried.
  private static let limit = 1 << 20
  private static let lanes = 512

  private let terms: TermManager
  private let isBad: Term
  private var variables: [Int: [Term]] = [:]
  private var constants: [Int: Set<UInt64>] = [:]
  private var flags: [Term] = []

  /// Nil where the condition does more with its inputs than moving and comparing them.
  init?(_ terms: TermManager, isBad: Term) {
    self.terms = terms
    self.isBad = isBad
    for term in terms.support(of: [isBad]) {
      guard take(term) else { return nil }
    }
    guard choices != nil else { return nil }
  }

  /// Notes an input or a comparison; false for anything that depends on more than order.
  private mutating func take(_ term: Term) -> Bool {
    let isBool = terms.isBool(term)
    switch terms.operation(term) {
    case .variable:
      if isBool {
        flags.append(term)
      } else {
        guard case .bitVector(let width) = terms.sort(term), width <= 64 else { return false }
        variables[width, default: []].append(term)
      }
      return true
    case .constant:
      guard isBool || terms.width(term) <= 64 else { return false }
      if !isBool, let value = terms.small(term) {
        constants[terms.width(term), default: []].insert(value)
      }
      return true
    case .not, .and, .or, .xor: return isBool
    case .ifThenElse, .equal, .unsignedLess, .signedLess: return true
    case .negate, .add, .multiply, .unsignedDivide, .unsignedRemainder, .signedDivide,
      .signedRemainder, .shiftLeft, .logicalShiftRight, .arithmeticShiftRight, .concat, .extract,
      .signExtend, .select, .store, .constantArray:
      return false
    }
  }

  /// The values to try for the variables of one width: the constants, and in each gap between them
  /// as many as there are variables. Any assignment can be mapped into them without changing an
  /// order; gaps end at the sign boundary too, so that both orders are kept.
  private func points(_ width: Int, _ count: Int) -> [UInt64] {
    let last = UInt64.max >> UInt64(64 - width)
    let half = last / 2
    let fixed = constants[width] ?? []
    var result = fixed
    var start: UInt64 = 0
    func fill(to end: UInt64) {
      // start ... end, both free of constants
      var next = start
      for _ in 0..<count {
        result.insert(next)
        if next == end { return }
        next += 1
      }
    }
    for stop in fixed.sorted() {
      if start <= half, half < stop {
        fill(to: half)
        start = half + 1
      }
      if start < stop { fill(to: stop - 1) }
      if stop == last { return result.sorted() }
      start = stop + 1
    }
    if start <= half {
      fill(to: half)
      start = half + 1
    }
    if start <= last { fill(to: last) }
    return result.sorted()
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

  /// A model of the condition; nil if it has none.
  func model() -> Model? {
    let choices = choices ?? []
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
      for lane in 0..<OrderAbstraction.lanes where evaluator.word(isBad, lane: lane) == 1 {
        return Model(evaluator, lane: lane, terms)
      }
    }
    return nil
  }
}
