import Terms

/// Assertions in which each product of two unknowns is an unknown of its own, of which only the range
/// is kept: where they have no solution, neither have the assertions they were made from. Multipliers
/// are hard for solvers, and few claims depend on more of them than how large a product can be.
package struct ProductAbstraction {
  /// The assertions without products, and the ranges.
  package let assertions: [Term]

  /// Nil where there is no product of two unknowns.
  package init?(_ terms: TermManager, _ assertions: [Term]) {
    var replacements: [Term: Term] = [:]
    var ranges: [Term] = []
    for term in terms.support(of: assertions) where terms.operation(term) == .multiply {
      let factors = terms.children(term)
      if factors.contains(where: { terms.isConstant($0) }) { continue }
      let width = terms.width(term)
      let product = terms.variable("%product.\(width).\(replacements.count)", width: width)
      replacements[term] = product
      guard let left = Bounds(factors[0], terms), let right = Bounds(factors[1], terms) else {
        continue
      }
      ranges += (left * right).assertions(on: product, terms)
    }
    guard !replacements.isEmpty else { return nil }
    self.assertions = terms.substitute(replacements, in: assertions) + ranges
  }
}

/// The least and the greatest value of an extended number, which fits 32 bits.
private struct Bounds {
  let least: Int64
  let greatest: Int64

  /// Nil for a term that is no extension, or one of more bits.
  init?(_ term: Term, _ terms: TermManager) {
    let children = terms.children(term)
    switch terms.operation(term) {
    case .signExtend where terms.width(children[0]) <= 31:
      let top = Int64(1) << Int64(terms.width(children[0]) - 1)
      self.init(least: -top, greatest: top - 1)
    case .concat where terms.small(children[0]) == 0 && terms.width(children[1]) <= 31:
      self.init(least: 0, greatest: Int64(1) << Int64(terms.width(children[1])) - 1)
    default: return nil
    }
  }

  private init(least: Int64, greatest: Int64) {
    self.least = least
    self.greatest = greatest
  }

  static func * (left: Bounds, right: Bounds) -> Bounds {
    let corners = [
      left.least * right.least, left.least * right.greatest, left.greatest * right.least,
      left.greatest * right.greatest,
    ]
    return Bounds(least: corners.min() ?? 0, greatest: corners.max() ?? 0)
  }

  /// That `product` is within the bounds as a signed number; nothing where they do not fit its width.
  func assertions(on product: Term, _ terms: TermManager) -> [Term] {
    let width = terms.width(product)
    let top = width > 62 ? Int64.max : Int64(1) << Int64(width - 1) - 1
    guard least >= -top - 1, greatest <= top else { return [] }
    return [
      terms.signedLessOrEqual(terms.constant(signed: least, width: width), product),
      terms.signedLessOrEqual(product, terms.constant(signed: greatest, width: width)),
    ]
  }
}
