import Terms

/// A condition taken apart by the value of one of its inputs: one part for each value that it
/// compares the input with, and one for all others.
///
/// A loop's trip count is such an input: with its value known, what the code computes and what the
/// specification says become the same term.
package struct CaseSplit {
  /// Inputs that are compared with fewer constants are left alone.
  private static let fewest = 3
  /// Constants beyond this do not count.
  private static let largest: UInt64 = 64

  /// An input with more values is not tried value by value, nor a condition of more terms.
  private static let mostValues: UInt64 = 256
  private static let mostTerms = 2_000

  /// Conditions whose disjunction is equisatisfiable with the whole.
  let parts: [Term]
  /// How many there are, those that are false included.
  package var count: Int { parts.count }

  /// Nil where the condition compares no input with several small constants, or where there is no time
  /// to take it apart.
  package init?(_ terms: TermManager, condition: Term, until deadline: Deadline) {
    guard let (variable, bound) = CaseSplit.candidate(terms, condition) else { return nil }
    let width = terms.width(variable)
    var parts: [Term] = []
    for value in 0...bound {
      if deadline.hasPassed { return nil }
      parts += terms.substitute([variable: terms.constant(value, width: width)], in: [condition])
    }
    let isOther = terms.unsignedLess(terms.constant(bound, width: width), variable)
    parts.append(terms.and(isOther, condition))
    self.parts = parts
  }

  /// Whether the condition has no solution because rewriting makes it false both where an input is a
  /// constant that it is compared with and where it is not.
  static func isFalse(
    _ terms: TermManager, _ condition: Term, until deadline: Deadline, depth: Int = 4
  ) -> Bool {
    if condition == terms.false { return true }
    guard depth > 0, !deadline.hasPassed else { return false }
    for term in terms.support(of: [condition]) where terms.operation(term) == .equal {
      let sides = terms.children(term)
      guard terms.variable(sides[0]) != nil, terms.isConstant(sides[1]) else { continue }
      let here = terms.substitute([sides[0]: sides[1]], in: [condition])[0]
      let elsewhere = terms.substitute([term: terms.false], in: [condition])[0]
      return [here, elsewhere].allSatisfy {
        isFalse(terms, $0, until: deadline, depth: depth - 1)
      }
    }
    return false
  }

  /// Whether rewriting makes the condition false for each value of an input that it bounds: the
  /// distance of a shift, say.
  package static func isFalseThroughout(
    _ terms: TermManager, _ condition: Term, until deadline: Deadline = Deadline(seconds: .infinity)
  ) -> Bool {
    for part in terms.conjuncts(of: condition) where terms.operation(part) == .unsignedLess {
      let sides = terms.children(part)
      guard terms.variable(sides[0]) != nil, let bound = terms.small(sides[1]), bound <= mostValues
      else { continue }
      guard terms.support(of: [condition]).count <= mostTerms else { return false }
      let width = terms.width(sides[0])
      return (0..<bound).allSatisfy { value in
        let assignment = [sides[0]: terms.constant(value, width: width)]
        return !deadline.hasPassed
          && terms.substitute(assignment, in: [condition])[0] == terms.false
      }
    }
    return false
  }

  /// The input that is compared with the most small constants, and the largest of them.
  private static func candidate(
    _ terms: TermManager, _ condition: Term
  ) -> (variable: Term, bound: UInt64)? {
    var constants: [Term: Set<UInt64>] = [:]
    for term in terms.support(of: [condition]) {
      switch terms.operation(term) {
      case .equal, .unsignedLess:
        let sides = terms.children(term)
        for (side, constant) in [(sides[0], sides[1]), (sides[1], sides[0])] {
          guard terms.width(side) > 6, let value = terms.small(constant), value < largest,
            let variable = variable(terms, side)
          else { continue }
          constants[variable, default: []].insert(value)
        }
      default: break
      }
    }
    let best = constants.filter { $0.value.count >= fewest }
      .max { ($0.value.count, $1.key.position) < ($1.value.count, $0.key.position) }
    return best.flatMap { entry in entry.value.max().map { (entry.key, $0) } }
  }

  /// The input that a term is, or of which it is the low bits: a length, say, of elements of some bytes.
  private static func variable(_ terms: TermManager, _ term: Term) -> Term? {
    if terms.variable(term) != nil { return term }
    guard case (_, 0)? = terms.bounds(term) else { return nil }
    let whole = terms.children(term)[0]
    return terms.variable(whole) == nil ? nil : whole
  }
}
