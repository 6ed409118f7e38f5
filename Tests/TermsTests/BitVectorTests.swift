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

  /// Bits as a list, the least significant first: arithmetic one bit at a time.
  private func list(_ value: BitVector) -> [Bool] { (0..<value.width).map { value.bit($0) } }

  private func vector(_ bits: [Bool]) -> BitVector {
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(bits.count))
    for (index, bit) in bits.enumerated() where bit {
      words[index / 64] |= 1 << UInt64(index % 64)
    }
    return BitVector(words: words, width: bits.count)
  }

  private func sum(_ a: [Bool], _ b: [Bool], carry: Bool = false) -> [Bool] {
    var carry = carry
    return zip(a, b).map { x, y in
      defer { carry = x && y || carry && (x || y) }
      return (x != y) != carry
    }
  }

  /// Where one word, two words and memory of its own meet.
  @Test(arguments: [1, 2, 63, 64, 65, 127, 128, 129, 191, 192, 193])
  func agreesWithListsOfBits(width: Int) {
    var random = SplitMix64(seed: UInt64(width))
    for _ in 0..<200 {
      let (x, y) = (random.bits(width), random.bits(width))
      let (a, b) = (list(x), list(y))
      let count = random.below(width + 2)
      let low = random.below(width)
      let high = low + random.below(width - low)
      let other = random.bits(1 + random.below(130))
      let zeros = [Bool](repeating: false, count: width)
      check(x.complement(), a.map { !$0 })
      check(x.adding(y), sum(a, b))
      check(x.subtracting(y), sum(a, b.map { !$0 }, carry: true))
      check(x.negated(), sum(zeros, a.map { !$0 }, carry: true))
      check(x.zip(y, ^), zip(a, b).map { $0 != $1 })
      check(x.shiftedLeft(count), Array((zeros.prefix(count) + a).prefix(width)))
      check(x.shiftedRight(logical: count), Array((a.dropFirst(count) + zeros).prefix(width)))
      check(x.extracting(high, low), Array(a[low...high]))
      check(x.concatenating(other), list(other) + a)
      check(x.zeroExtended(to: width + count), a + [Bool](repeating: false, count: count))
      check(x.zeroExtended(to: high + 1), Array(a.prefix(high + 1)))
      check(
        x.signExtended(to: width + count), a + [Bool](repeating: a[width - 1], count: count))
      let greater = sum(a, b.map { !$0 }, carry: true) != zeros && !x.isLess(unsigned: y)
      #expect(greater == y.isLess(unsigned: x))
      #expect(x.isZero == !a.contains(true) && x.isAllOnes == !a.contains(false))
      #expect(x.powerOfTwo == (a.count { $0 } == 1 ? a.firstIndex(of: true) : nil))
      #expect(x.trailingZeroBits == a.firstIndex(of: true) ?? width)
      #expect((x.asUInt64 == nil) == a.dropFirst(64).contains(true))
    }
  }

  /// The value, and that it is the same whichever way it was made.
  private func check(_ found: BitVector, _ bits: [Bool]) {
    let expected = vector(bits)
    #expect(found == expected && found.hashValue == expected.hashValue)
    #expect(Array(found.words) == Array(expected.words) && found.width == bits.count)
    #expect(found.low == found.words[0])
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
