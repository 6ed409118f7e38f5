import Terms

/// Inputs of which assumptions leave few bits: where those hold each is equal to what is put in its place,
/// `0 ++ a[7:0]` for `a` below 256, so that what is then decided depends on those bits alone.
package struct NarrowInputs {
  private let terms: TermManager
  /// By variable of 64 bits at most.
  private var replacements: [Term: Term] = [:]

  /// - Parameter assumptions: facts, of which comparisons of a variable with a constant are read.
  package init(_ terms: TermManager, assumptions: [Term]) {
    self.terms = terms
    var ranges: [Term: ValueRange] = [:]
    for fact in assumptions.flatMap({ terms.conjuncts(of: $0) }) { read(fact, &ranges) }
    for (variable, range) in ranges {
      let width = terms.width(variable)
      let (count, isSigned) = range.bits
      guard count < width else { continue }
      let low = terms.extract(variable, count - 1, 0)
      replacements[variable] =
        isSigned ? terms.signExtend(low, to: width) : terms.zeroExtend(low, to: width)
    }
  }

  /// A condition with few bits in place of the inputs that it says itself have no others: it has a solution if this
  /// one has.
  package static func narrowedByItself(_ condition: Term, _ terms: TermManager) -> Term {
    var result = condition
    // What one input is below may be another input that has few bits.
    for _ in 0..<2 {
      result = NarrowInputs(terms, assumptions: [result]).narrowed(result)
    }
    return result
  }

  /// A condition with few bits in place of the inputs: equal to it where the assumptions hold.
  package func narrowed(_ condition: Term) -> Term {
    terms.substitute(replacements, in: [condition])[0]
  }

  /// A model of a narrowed condition with the other bits of inputs as the assumptions have them.
  package func completed(_ model: Model) -> Model {
    if replacements.isEmpty { return model }
    var evaluator = Evaluator(terms, roots: Array(replacements.values), lanes: 1)
    evaluator.set(model, lane: 0)
    evaluator.run()
    var result = model
    for (variable, replacement) in replacements where model.values[variable] != nil {
      result.values[variable] = evaluator.value(replacement, lane: 0)
    }
    return result
  }

  // MARK: Facts

  /// Takes note of a comparison of a variable with a constant, and of a variable's upper bits that are zero.
  private func read(_ fact: Term, _ ranges: inout [Term: ValueRange]) {
    let isNegated = terms.operation(fact) == .not
    let relation = isNegated ? terms.children(fact)[0] : fact
    let sides = terms.children(relation)
    switch terms.operation(relation) {
    case .unsignedLess, .signedLess:
      let isSigned = terms.operation(relation) == .signedLess
      // What is not less is the greater one or equal.
      let (lesser, greater) = isNegated ? (sides[1], sides[0]) : (sides[0], sides[1])
      let distance: Int64 = isNegated ? 0 : 1
      if let bound = terms.small(greater) {
        change(lesser, &ranges) { $0.lower(to: bound, less: distance, isSigned) }
      } else if !isSigned, terms.width(greater) <= 64, terms.operation(greater) == .concat {
        let range = UnsignedRange.of(greater, in: terms)
        change(lesser, &ranges) { $0.lower(to: range.high, less: distance, false) }
      } else if let bound = terms.small(lesser), isSigned {
        change(greater, &ranges) { $0.raise(to: bound, plus: distance) }
      }
    case .equal:
      guard let part = sides.first(where: { terms.bounds($0) != nil }),
        let (high, low) = terms.bounds(part),
        let value = sides.first(where: { $0 != part }).flatMap({ terms.small($0) }),
        isNegated ? value == 1 && high == low : value == 0
      else { break }
      let whole = terms.children(part)[0]
      guard high == terms.width(whole) - 1, low > 0, low < 64 else { break }
      change(whole, &ranges) { $0.lower(to: 1 << UInt64(low), less: 1, false) }
    default: break
    }
  }

  private func change(
    _ term: Term, _ ranges: inout [Term: ValueRange], _ body: (inout ValueRange) -> Void
  ) {
    guard terms.operation(term) == .variable, !terms.isBool(term), terms.width(term) <= 64 else {
      return
    }
    body(&ranges[term, default: ValueRange(width: terms.width(term))])
  }
}

/// The values that a variable of at most 64 bits may have, in unsigned and in signed order.
private struct ValueRange {
  private let width: Int
  private var most: UInt64
  private var low: Int64
  private var high: Int64

  init(width: Int) {
    self.width = width
    most = .max >> UInt64(64 - width)
    (low, high) = (.min >> Int64(64 - width), .max >> Int64(64 - width))
  }

  private func signed(_ bits: UInt64) -> Int64 {
    Int64(bitPattern: bits << UInt64(64 - width)) >> Int64(64 - width)
  }

  /// No value is above `bound - distance`. Nothing is noted where none is left.
  mutating func lower(to bound: UInt64, less distance: Int64, _ isSigned: Bool) {
    if isSigned {
      let (limit, isOver) = signed(bound).subtractingReportingOverflow(distance)
      if !isOver { high = Swift.min(high, limit) }
    } else if bound >= UInt64(distance) {
      most = Swift.min(most, bound - UInt64(distance))
    }
  }

  /// No value, as a signed one, is below `bound + distance`.
  mutating func raise(to bound: UInt64, plus distance: Int64) {
    let (limit, isOver) = signed(bound).addingReportingOverflow(distance)
    if !isOver { low = Swift.max(low, limit) }
  }

  /// How many low bits tell the value, and whether those above are copies of the highest instead of zeros.
  var bits: (count: Int, isSigned: Bool) {
    if high >= 0 && (low >= 0 || most <= UInt64.max >> UInt64(65 - width)) {
      return (ValueRange.count(Swift.min(most, UInt64(high))), false)
    }
    let unsigned = ValueRange.count(most)
    let magnitude = UInt64(bitPattern: Swift.max(low ^ low >> 63, high ^ high >> 63))
    let signed = ValueRange.count(magnitude) + 1
    return signed < unsigned ? (signed, true) : (unsigned, false)
  }

  private static func count(_ value: UInt64) -> Int {
    Swift.max(1, 64 - value.leadingZeroBitCount)
  }
}
