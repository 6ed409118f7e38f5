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
    result.monomials.reserveCapacity(monomials.count + other.monomials.count)
    var (left, right) = (0, 0)
    while left < monomials.count || right < other.monomials.count {
      let own = left < monomials.count ? monomials[left] : nil
      let next = right < other.monomials.count ? other.monomials[right] : nil
      let term = Term(Swift.min(own?.term.position ?? .max, next?.term.position ?? .max))
      var coefficient: UInt128 = 0
      if let own, own.term == term {
        coefficient = own.coefficient
        left += 1
      }
      if let next, next.term == term {
        coefficient &+= factor &* next.coefficient
        right += 1
      }
      coefficient &= mask
      if coefficient != 0 { result.monomials.append((term, coefficient)) }
    }
    return result
  }

  /// Whether a coefficient is negative when read as a signed number.
  func isNegative(_ coefficient: UInt128) -> Bool { coefficient >> UInt128(width - 1) == 1 }
}
