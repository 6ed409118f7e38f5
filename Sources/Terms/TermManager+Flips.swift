/// Choices and comparisons of values some of whose bits are flipped.
extension TermManager {
  /// Bits that are flipped in both cases are flipped after the choice.
  func flippedChoice(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    guard let flip = flip(then), flip == self.flip(otherwise) else { return nil }
    return xor(ifThenElse(condition, first(then), first(otherwise)), flip)
  }

  /// The constant that flips some bits of another term to make `term`, if that is how it is made.
  private func flip(_ term: Term) -> Term? {
    switch operation(term) {
    case .not where !isBool(term): ones(sort(term))
    case .xor where isConstant(second(term)): second(term)
    default: nil
    }
  }

  /// A comparison of values whose sign bits are flipped is of the other kind, and one of values whose
  /// other bits are flipped goes the other way, as far as the signs agree.
  func lessOfFlipped(_ left: Term, _ right: Term, isSigned: Bool) -> Term? {
    guard let flip = flip(left) ?? flip(right), let bits = value(flip),
      let a = flipped(left, by: flip), let b = flipped(right, by: flip)
    else { return nil }
    let rest = bits.width == 1 ? nil : bits.extracting(bits.width - 2, 0)
    guard rest?.isZero ?? true || rest?.isAllOnes ?? false else { return nil }
    // All bits flipped turn the order around; then the sign bit was flipped once more.
    let turns = rest?.isAllOnes ?? false
    let staysSigned = isSigned != (bits.signBit != turns)
    let (less, greater) = turns ? (b, a) : (a, b)
    return staysSigned ? signedLess(less, greater) : unsignedLess(less, greater)
  }

  /// `term` with the bits of `flip` flipped back; nil for one that is no constant and not flipped.
  private func flipped(_ term: Term, by flip: Term) -> Term? {
    isConstant(term) ? xor(term, flip) : self.flip(term) == flip ? first(term) : nil
  }
}
