/// The concrete meaning of the SMT-LIB bit-vector operators (theory FixedSizeBitVectors).
extension BitVector {
  private func require(_ other: BitVector) {
    precondition(width == other.width, "widths differ: \(width) and \(other.width)")
  }

  /// The words of both combined; the widths have to be equal.
  package func zip(_ other: BitVector, _ combine: (UInt64, UInt64) -> UInt64) -> BitVector {
    require(other)
    let (own, others) = (words, other.words)
    return BitVector(width: width) { combine(own[$0], others[$0]) }
  }

  public func complement() -> BitVector {
    if width <= 128 { return BitVector(wide: ~low128, width: width) }
    let words = words
    return BitVector(width: width) { ~words[$0] }
  }

  public func adding(_ other: BitVector) -> BitVector {
    require(other)
    if width <= 128 { return BitVector(wide: low128 &+ other.low128, width: width) }
    var carry: UInt64 = 0
    return BitVector(
      words: Swift.zip(words, other.words).map { left, right in
        let (partial, first) = left.addingReportingOverflow(right)
        let (sum, second) = partial.addingReportingOverflow(carry)
        carry = first || second ? 1 : 0
        return sum
      }, width: width)
  }

  public func negated() -> BitVector {
    if width <= 128 { return BitVector(wide: 0 &- low128, width: width) }
    return complement().adding(BitVector(1, width: width))
  }

  public func subtracting(_ other: BitVector) -> BitVector {
    require(other)
    if width <= 128 { return BitVector(wide: low128 &- other.low128, width: width) }
    return adding(other.negated())
  }

  public func multiplying(_ other: BitVector) -> BitVector {
    require(other)
    if width <= 128 { return BitVector(wide: low128 &* other.low128, width: width) }
    let (words, others) = (Array(words), Array(other.words))
    var result = [UInt64](repeating: 0, count: words.count)
    for row in words.indices {
      var carry: UInt64 = 0
      for column in 0..<(words.count - row) {
        let product = words[row].multipliedFullWidth(by: others[column])
        let (partial, first) = result[row + column].addingReportingOverflow(product.low)
        let (sum, second) = partial.addingReportingOverflow(carry)
        result[row + column] = sum
        carry = product.high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
      }
    }
    return BitVector(words: result, width: width)
  }

  /// `bvudiv`: all ones for a zero divisor.
  public func dividing(unsigned divisor: BitVector) -> BitVector {
    divisor.isZero ? .ones(width) : quotientAndRemainder(divisor).quotient
  }

  /// `bvurem`: the dividend for a zero divisor.
  public func remainder(unsigned divisor: BitVector) -> BitVector {
    divisor.isZero ? self : quotientAndRemainder(divisor).remainder
  }

  private func quotientAndRemainder(
    _ divisor: BitVector
  ) -> (quotient: BitVector, remainder: BitVector) {
    if width <= 128 {
      let (quotient, remainder) = low128.quotientAndRemainder(dividingBy: divisor.low128)
      return (BitVector(wide: quotient, width: width), BitVector(wide: remainder, width: width))
    }
    var quotient = [UInt64](repeating: 0, count: words.count)
    var remainder = BitVector.zero(width + 1)
    let wideDivisor = divisor.zeroExtended(to: width + 1)
    for index in (0..<width).reversed() {
      remainder = remainder.shiftedLeft(1)
      if bit(index) { remainder = remainder.adding(BitVector(1, width: width + 1)) }
      if !remainder.isLess(unsigned: wideDivisor) {
        remainder = remainder.subtracting(wideDivisor)
        quotient[index / 64] |= 1 << UInt64(index % 64)
      }
    }
    return (BitVector(words: quotient, width: width), remainder.extracting(width - 1, 0))
  }

  /// `bvsdiv`: truncates towards zero; for a zero divisor 1 if negative and -1 otherwise.
  public func dividing(signed divisor: BitVector) -> BitVector {
    let magnitude = absolute().dividing(unsigned: divisor.absolute())
    return signBit == divisor.signBit ? magnitude : magnitude.negated()
  }

  /// `bvsrem`: has the dividend's sign; the dividend for a zero divisor.
  public func remainder(signed divisor: BitVector) -> BitVector {
    let magnitude = absolute().remainder(unsigned: divisor.absolute())
    return signBit ? magnitude.negated() : magnitude
  }

  private func absolute() -> BitVector { signBit ? negated() : self }

  public func isLess(unsigned other: BitVector) -> Bool {
    require(other)
    if width <= 128 { return low128 < other.low128 }
    for (left, right) in Swift.zip(words, other.words).reversed() where left != right {
      return left < right
    }
    return false
  }

  public func isLess(signed other: BitVector) -> Bool {
    signBit == other.signBit ? isLess(unsigned: other) : signBit
  }

  public func shiftedLeft(_ count: Int) -> BitVector {
    guard count < width else { return .zero(width) }
    if width <= 128 { return BitVector(wide: low128 << UInt128(count), width: width) }
    let words = words
    let (skip, shift) = (count / 64, UInt64(count % 64))
    return BitVector(width: width) { index in
      let high = index >= skip ? words[index - skip] << shift : 0
      let low = shift > 0 && index > skip ? words[index - skip - 1] >> (64 - shift) : 0
      return high | low
    }
  }

  public func shiftedRight(logical count: Int) -> BitVector {
    guard count < width else { return .zero(width) }
    if width <= 128 { return BitVector(wide: low128 >> UInt128(count), width: width) }
    let words = words
    let (skip, shift) = (count / 64, UInt64(count % 64))
    return BitVector(width: width) { index in
      let low = index + skip < words.count ? words[index + skip] >> shift : 0
      let high =
        shift > 0 && index + skip + 1 < words.count
        ? words[index + skip + 1] << (64 - shift) : 0
      return high | low
    }
  }

  public func shiftedRight(arithmetic count: Int) -> BitVector {
    signBit
      ? complement().shiftedRight(logical: count).complement() : shiftedRight(logical: count)
  }

  /// The shift count that this vector stands for, `width` or more being `width`.
  func shiftCount(_ width: Int) -> Int {
    asUInt64.map { $0 >= UInt64(width) ? width : Int($0) } ?? width
  }

  /// Bits `high` down to `low`, both included.
  public func extracting(_ high: Int, _ low: Int) -> BitVector {
    precondition(high < width && low <= high && low >= 0, "extract \(high) \(low) of \(width)")
    return shiftedRight(logical: low).resized(to: high - low + 1)
  }

  /// This vector above `low`.
  public func concatenating(_ low: BitVector) -> BitVector {
    let total = width + low.width
    if total <= 128 {
      return BitVector(wide: low128 << UInt128(low.width) | low.low128, width: total)
    }
    return resized(to: total).shiftedLeft(low.width).zip(low.resized(to: total)) { $0 | $1 }
  }

  public func zeroExtended(to width: Int) -> BitVector { resized(to: width) }

  /// The low `width` bits, zero-extended.
  private func resized(to width: Int) -> BitVector {
    if width <= 128 { return BitVector(wide: low128, width: width) }
    let words = words
    return BitVector(width: width) { $0 < words.count ? words[$0] : 0 }
  }

  public func signExtended(to width: Int) -> BitVector {
    let extended = resized(to: width)
    guard signBit, width > self.width else { return extended }
    let mask = BitVector.ones(width).shiftedLeft(self.width)
    return extended.zip(mask) { $0 | $1 }
  }
}
