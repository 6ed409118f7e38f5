import Terms
import Testing

/// Arithmetic of concrete bit-vectors against the standard library's integers.
@Suite struct BitVectorTests {
  private func wide(_ value: BitVector) -> UInt128 {
    UInt128(value.words[0]) | UInt128(value.words[1]) << 64
  }

  @Test func agreesWith128BitIntegers() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<2000 {
      let (a, b) = (random.bits(128), random.bits(128))
      let (x, y) = (wide(a), wide(b))
      #expect(wide(a.adding(b)) == x &+ y)
      #expect(wide(a.subtracting(b)) == x &- y)
      #expect(wide(a.multiplying(b)) == x &* y)
      #expect(wide(a.dividing(unsigned: b)) == (y == 0 ? .max : x / y))
      #expect(wide(a.remainder(unsigned: b)) == (y == 0 ? x : x % y))
      #expect(a.isLess(unsigned: b) == (x < y))
      #expect(a.isLess(signed: b) == (Int128(bitPattern: x) < Int128(bitPattern: y)))
      let count = random.below(140)
      #expect(wide(a.shiftedLeft(count)) == x << UInt128(count))
      #expect(wide(a.shiftedRight(logical: count)) == x >> UInt128(count))
      let shifted = Int128(bitPattern: x) >> Int128(count)
      #expect(wide(a.shiftedRight(arithmetic: count)) == UInt128(bitPattern: shifted))
      #expect(a.decimal == String(x))
      #expect(a.signedDecimal == String(Int128(bitPattern: x)))
    }
  }

  @Test func writesNumbers() {
    #expect(BitVector(0xAB, width: 8).smtlib == "#xab")
    #expect(BitVector(5, width: 3).smtlib == "#b101")
    #expect(BitVector(signed: -2, width: 70).signedDecimal == "-2")
    let power = BitVector(1, width: 200).shiftedLeft(130)
    #expect(power.decimal == "1361129467683753853853498429727072845824")
    #expect(power.powerOfTwo == 130 && power.trailingZeroBits == 130)
    #expect(BitVector.zero(9).trailingZeroBits == 9)
  }
}
