/// The concrete meaning of the SMT-LIB bit-vector operators (theory FixedSizeBitVectors).
extension BitVector {
  func map(_ transform: (UInt64) -> UInt64) -> BitVector {
    BitVector(words: words.map(transform), width: width)
  }

  /// The words of both combined; the widths have to be equal.
  package func zip(_ other: BitVector, _ combine: (UInt64, UInt64) -> UInt64) -> BitVector {
    precondition(width == other.width, "widths differ: \(width) and \(other.width)")
    return BitVector(words: Swift.zip(words, other.words).map(combine), width: width)
  }

  public func complement() -> BitVector { map { ~$0 } }

  public func adding(_ other: BitVector) -> BitVector {
    var carry: UInt64 = 0
    return zip(other) { left, right in
      let (partial, first) = left.addingReportingOverflow(right)
      let (sum, second) = partial.addingReportingOverflow(carry)
      carry = first || second ? 1 : 0
      return sum
    }
  }

  public func negated() -> BitVector { complement().adding(BitVector(1, width: width)) }

  public func subtracting(_ other: BitVector) -> BitVector { adding(other.negated()) }

  public func multiplying(_ other: BitVector) -> BitVector {
    var result = [UInt64](repeating: 0, count: words.count)
    for row in words.indices {
      var carry: UInt64 = 0
      for column in 0..<(words.count - row) {
        let product = words[row].multipliedFullWidth(by: other.words[column])
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
    let (skip, shift) = (count / 64, UInt64(count % 64))
    return BitVector(
      words: words.indices.map { index in
        let high = index >= skip ? words[index - skip] << shift : 0
        let low = shift > 0 && index > skip ? words[index - skip - 1] >> (64 - shift) : 0
        return high | low
      }, width: width)
  }

  public func shiftedRight(logical count: Int) -> BitVector {
    guard count < width else { return .zero(width) }
    let (skip, shift) = (count / 64, UInt64(count % 64))
    return BitVector(
      words: words.indices.map { index in
        let low = index + skip < words.count ? words[index + skip] >> shift : 0
        let high =
          shift > 0 && index + skip + 1 < words.count
          ? words[index + skip + 1] << (64 - shift) : 0
        return high | low
      }, width: width)
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
    return BitVector(words: shiftedRight(logical: low).words, width: high - low + 1)
  }

  /// This vector above `low`.
  public func concatenating(_ low: BitVector) -> BitVector {
    let total = width + low.width
    return zeroExtended(to: total).shiftedLeft(low.width)
      .zip(low.zeroExtended(to: total)) { $0 | $1 }
  }

  public func zeroExtended(to width: Int) -> BitVector { BitVector(words: words, width: width) }

  public func signExtended(to width: Int) -> BitVector {
    let extended = zeroExtended(to: width)
    guard signBit, width > self.width else { return extended }
    let mask = BitVector.ones(width).shiftedLeft(self.width)
    return extended.zip(mask) { $0 | $1 }
  }
}
