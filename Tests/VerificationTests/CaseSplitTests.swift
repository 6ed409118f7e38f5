import Terms
import Testing
import Verification

/// Conditions that rewriting refutes value by value.
@Suite struct CaseSplitTests {
  private let terms = TermManager()

  /// That a shift of 128 bits by fewer than `bound` is not what two halves of 64 bits make of it, where
  /// the upper half gets the bits that leave the lower one, `off` too many.
  private func shiftDiffers(bound: UInt64, off: UInt64 = 0) -> Term {
    let (value, count) = (terms.variable("x", width: 128), terms.variable("n", width: 32))
    let (low, high) = (terms.extract(value, 63, 0), terms.extract(value, 127, 64))
    let distance = terms.zeroExtend(terms.extract(count, 5, 0), to: 64)
    let rest = terms.subtract(terms.constant(64 + off, width: 64), distance)
    let upper = terms.or(terms.shiftLeft(high, distance), terms.logicalShiftRight(low, rest))
    let near = terms.concat(upper, terms.shiftLeft(low, distance))
    let far = terms.concat(terms.shiftLeft(low, distance), terms.constant(0, width: 64))
    let isFar = terms.unsignedLess(terms.constant(63, width: 32), count)
    let right = terms.shiftLeft(value, terms.zeroExtend(count, to: 128))
    return terms.and(
      terms.unsignedLess(count, terms.constant(bound, width: 32)),
      terms.distinct(terms.ifThenElse(isFar, far, near), right))
  }

  @Test func aShiftIsRightForEachDistance() {
    #expect(CaseSplit.isFalseThroughout(terms, shiftDiffers(bound: 128)))
  }

  @Test func oneWrongDistanceIsEnough() {
    #expect(!CaseSplit.isFalseThroughout(terms, shiftDiffers(bound: 129)))
    #expect(!CaseSplit.isFalseThroughout(terms, shiftDiffers(bound: 128, off: 1)))
  }

  @Test func inputsWithoutABoundAreLeftAlone() {
    let (x, y) = (terms.variable("x", width: 32), terms.variable("y", width: 32))
    let never = terms.and(terms.unsignedLess(x, y), terms.unsignedLess(y, x))
    #expect(!CaseSplit.isFalseThroughout(terms, never))
    let many = terms.and(terms.unsignedLess(x, terms.constant(257, width: 32)), never)
    #expect(!CaseSplit.isFalseThroughout(terms, many))
  }

  /// A length of which only the low bits are compared: elements of several bytes.
  @Test func aLengthIsFoundBehindItsLowBits() throws {
    let (n, x) = (terms.variable("n", width: 64), terms.variable("x", width: 8))
    let low = terms.extract(n, 61, 0)
    let condition = terms.or(
      (1...4).map { value in
        terms.and(
          terms.equal(low, terms.constant(UInt64(value), width: 62)), terms.bit(x, value))
      })
    let split = try #require(
      CaseSplit(terms, condition: condition, until: Deadline(seconds: 60)))
    #expect(split.count == 6)
  }
}
