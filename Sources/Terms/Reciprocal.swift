/// A multiplication and a shift to the right, which may be a division by a constant.
package struct Reciprocal {
  package let multiplier: UInt128
  package let shift: Int

  init(multiplier: UInt128, shift: Int) {
    self.multiplier = multiplier
    self.shift = shift
  }

  /// The least shift with which a multiplication divides numbers of `width` bits, at most 64, by `divisor`; nil where
  /// there is none.
  package init?(dividing width: Int, by divisor: UInt64) {
    guard divisor > 1, width <= 64 else { return nil }
    let first = (1...120).first { shift in
      let multiplier = (UInt128(1) << UInt128(shift) - 1) / UInt128(divisor) + 1
      let candidate = Reciprocal(multiplier: multiplier, shift: shift)
      return candidate.divisor(most: UInt128(BitVector.lastMask(width))) == divisor
    }
    guard let shift = first else { return nil }
    self.init(
      multiplier: (UInt128(1) << UInt128(shift) - 1) / UInt128(divisor) + 1, shift: shift)
  }

  /// The divisor that the multiplier is rounded up for, and by how much it is too large:
  /// `multiplier · divisor - 2^shift`.
  private var candidate: (divisor: UInt128, error: UInt128)? {
    guard shift > 0, shift <= 120, multiplier > 0, multiplier < power else { return nil }
    let divisor = (power - 1) / multiplier + 1
    return (divisor, multiplier * divisor - power)
  }

  private var power: UInt128 { 1 << UInt128(shift) }

  /// The c for which ⌊x · multiplier / 2^shift⌋ is ⌊x / c⌋ for each x up to `most`, if that is so.
  ///
  /// With x = qc + r that is x/c + x · error / (c · 2^shift), which is below q + 1 if x · error is less than
  /// (c - r) · 2^shift. It is so for all x if it is so for the last one with r = c - 1.
  func divisor(most: UInt128) -> UInt64? {
    guard let (divisor, error) = candidate, divisor <= UInt128(UInt64.max) else { return nil }
    let isSmall = most < divisor
    let last = isSmall ? most : most - (most + 1) % divisor
    let (excess, overflows) = last.multipliedReportingOverflow(by: isSmall ? multiplier : error)
    return overflows || excess >= power ? nil : UInt64(divisor)
  }

  /// The c for which ⌊x · multiplier / 2^shift⌋ is x / c toward zero, less one for negative x, for each signed x
  /// of `width` bits, if that is so.
  ///
  /// For y = -x > 0 that asks for ⌊y/c⌋ < y · multiplier / 2^shift ≤ ⌊y/c⌋ + 1: the error must not be zero, and
  /// y · error not above 2^shift, which is enough for positive x too.
  func signedDivisor(width: Int) -> UInt64? {
    let most = UInt128(1) << UInt128(width - 1)
    guard let (divisor, error) = candidate, error > 0, divisor < most else { return nil }
    let (excess, overflows) = most.multipliedReportingOverflow(by: error)
    return overflows || excess > power ? nil : UInt64(divisor)
  }
}
