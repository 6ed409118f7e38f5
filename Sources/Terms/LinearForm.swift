/// A sum over Z/2ʷ: a constant and terms with coefficients, sorted by term; w is at most 128.
struct LinearForm {
  /// Sums with more terms than this are not normalised.
  static let limit = 16

  let width: Int
  var constant: UInt128
  /// Coefficients are never zero; terms are not sums, complements or multiples themselves.
  var monomials: [(term: Term, coefficient: UInt128)] = []

  var mask: UInt128 { width == 128 ? .max : (1 << UInt128(width)) - 1 }

  init(width: Int, constant: UInt128 = 0) {
    self.width = width
    self.constant = constant
    self.constant &= mask
  }

  /// This sum plus `factor` times `other`.
  func adding(_ other: LinearForm, times factor: UInt128 = 1) -> LinearForm {
    var result = LinearForm(width: width, constant: constant &+ factor &* other.constant)
    var left = monomials[...]
    var right = other.monomials[...]
    while let next = left.first ?? right.first {
      let takesLeft = left.first.map { a in
        right.first.map { a.term.index <= $0.term.index } ?? true
      }
      var term = next.term
      var coefficient: UInt128 = 0
      if takesLeft == true, let a = left.first {
        term = a.term
        coefficient = a.coefficient
        left.removeFirst()
      } else if let b = right.first {
        term = b.term
      }
      if let b = right.first, b.term == term {
        coefficient &+= factor &* b.coefficient
        right.removeFirst()
      }
      coefficient &= mask
      if coefficient != 0 { result.monomials.append((term, coefficient)) }
    }
    return result
  }

  /// Whether a coefficient is negative when read as a signed number.
  func isNegative(_ coefficient: UInt128) -> Bool { coefficient >> UInt128(width - 1) == 1 }
}
