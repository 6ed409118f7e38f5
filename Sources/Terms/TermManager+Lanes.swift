/// Bit-vectors as runs of lanes of one width, lane 0 least significant: what vector instructions
/// work on.
extension TermManager {
  /// The lanes of `width` bits of `value`, whose width is a multiple of that.
  public func lanes(_ value: Term, of width: Int) -> [Term] {
    let total = self.width(value)
    precondition(total % width == 0, "\(total) bits in lanes of \(width)")
    return (0..<total / width).map { extract(value, $0 * width + width - 1, $0 * width) }
  }

  /// The bit-vector of `lanes`, the first least significant.
  public func joined(_ lanes: [Term]) -> Term { concat(lanes.reversed()) }

  /// `operation` on each lane of `width` bits.
  public func mapLanes(
    _ value: Term, of width: Int, _ operation: (Term) -> Term
  ) -> Term {
    joined(lanes(value, of: width).map(operation))
  }

  /// `operation` on each pair of lanes of `width` bits.
  public func zipLanes(
    _ left: Term, _ right: Term, of width: Int, _ operation: (Term, Term) -> Term
  ) -> Term {
    joined(zip(lanes(left, of: width), lanes(right, of: width)).map(operation))
  }

  /// `value`, read as signed, or the nearest number that `width` bits hold as a signed number;
  /// `width` bits, not more than `value` has.
  public func saturatedSigned(_ value: Term, to width: Int) -> Term {
    let sign = rotateLeft(constant(1, width: width), by: width - 1)
    return clamped(value, from: signExtend(sign, to: self.width(value)), through: not(sign))
  }

  /// `value`, read as signed, or the nearest number that `width` bits hold as an unsigned number;
  /// `width` bits, fewer than `value` has.
  public func saturatedUnsigned(_ value: Term, to width: Int) -> Term {
    clamped(
      value, from: constant(0, width: self.width(value)),
      through: constant(.ones(width)))
  }

  /// `value` as signed between `least` and `greatest`, of which the latter is not negative at its
  /// full width and has the width of the result.
  private func clamped(
    _ value: Term, from least: Term, through greatest: Term
  ) -> Term {
    let high = width(greatest) - 1
    return ifThenElse(
      signedLess(value, least), extract(least, high, 0),
      ifThenElse(
        signedLess(zeroExtend(greatest, to: width(value)), value), greatest,
        extract(value, high, 0)))
  }
}
