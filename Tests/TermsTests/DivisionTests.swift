import Terms
import Testing

/// Quotients and remainders in their normal forms, and what code computes them by, for all values at small
/// widths: what they come to is compared with the arithmetic of integers.
@Suite struct DivisionTests {
  private let all = AllValues()
  private var terms: TermManager { all.terms }

  /// SMT-LIB's operators on numbers of `width` bits.
  private enum Division: CaseIterable {
    case unsignedQuotient, unsignedRemainder, signedQuotient, signedRemainder

    func apply(_ left: Term, _ right: Term, _ terms: TermManager) -> Term {
      switch self {
      case .unsignedQuotient: terms.unsignedDivide(left, right)
      case .unsignedRemainder: terms.unsignedRemainder(left, right)
      case .signedQuotient: terms.signedDivide(left, right)
      case .signedRemainder: terms.signedRemainder(left, right)
      }
    }

    func apply(_ left: Int, _ right: Int, _ width: Int) -> Int {
      let (a, b) = (AllValues.signed(left, width), AllValues.signed(right, width))
      switch self {
      case .unsignedQuotient: return right == 0 ? -1 : left / right
      case .unsignedRemainder: return right == 0 ? left : left % right
      case .signedQuotient: return b == 0 ? (a < 0 ? 1 : -1) : a / b
      case .signedRemainder: return b == 0 ? a : a % b
      }
    }
  }

  @Test(arguments: 1...8)
  func byConstants(_ width: Int) {
    let x = terms.variable("x", width: width)
    var cases: [AllValues.Case] = []
    for own in Set([width, (width + 1) / 2, Swift.max(1, width - 1)]) {
      let low = terms.extract(x, own - 1, 0)
      let shapes: [(Term, (Int) -> Int)] = [
        (terms.zeroExtend(low, to: width), { $0 & (1 << own - 1) }),
        (terms.signExtend(low, to: width), { AllValues.signed($0 & (1 << own - 1), own) }),
        (
          terms.logicalShiftRight(x, by: width - own),
          { ($0 & (1 << width - 1)) >> (width - own) }
        ),
        (
          terms.unsignedDivide(x, terms.constant(3, width: width)),
          { width == 1 ? $0 : $0 / (3 & (1 << width - 1)) }
        ),
      ]
      for (shape, meaning) in shapes {
        for divisor in 0..<1 << width {
          for division in Division.allCases {
            let term = division.apply(shape, terms.constant(UInt64(divisor), width: width), terms)
            cases.append(
              (
                term,
                { division.apply(meaning($0[0]) & (1 << width - 1), divisor, width) }
              ))
          }
        }
      }
    }
    all.check([x], cases)
  }

  @Test(arguments: 3...8)
  func partsOfQuotients(_ width: Int) {
    let x = terms.variable("x", width: width)
    var cases: [AllValues.Case] = []
    for divisor in 1..<1 << width {
      let right = terms.constant(UInt64(divisor), width: width)
      let quotient = terms.unsignedDivide(x, right)
      for low in 0..<width {
        for high in low..<width {
          let part = terms.extract(quotient, high, low)
          let meaning = { (values: [Int]) in
            (values[0] / divisor) >> low & (1 << (high - low + 1) - 1)
          }
          cases.append((part, meaning))
          let wide = terms.zeroExtend(part, to: width + 2)
          cases.append((wide, meaning))
          let sum = terms.add(terms.shiftLeft(wide, by: 1), terms.zeroExtend(x, to: width + 2))
          cases.append((sum, { meaning($0) << 1 + $0[0] }))
        }
      }
    }
    all.check([x], cases)
  }

  @Test(arguments: 1...4)
  func byVariables(_ width: Int) {
    let (a, b) = (terms.variable("a", width: width), terms.variable("b", width: width))
    var cases: [AllValues.Case] = []
    for wide in width...width + 2 {
      let mask = 1 << wide - 1
      for division in Division.allCases {
        let unsigned = division.apply(
          terms.zeroExtend(a, to: wide), terms.zeroExtend(b, to: wide), terms)
        cases.append((unsigned, { division.apply($0[0], $0[1], wide) }))
        let signed = division.apply(
          terms.signExtend(a, to: wide), terms.signExtend(b, to: wide), terms)
        let expected = { (values: [Int]) in
          division.apply(
            AllValues.signed(values[0], width) & mask, AllValues.signed(values[1], width) & mask,
            wide)
        }
        cases.append((signed, expected))
        for high in 0..<wide { cases.append((terms.extract(signed, high, 0), expected)) }
      }
      let mixed = terms.unsignedDivide(
        terms.constant(5, width: wide), terms.zeroExtend(b, to: wide))
      cases.append((mixed, { Division.unsignedQuotient.apply(5 & mask, $0[1], wide) }))
    }
    all.check([a, b], cases)
  }

  @Test func aRemainderIsWhatTheQuotientLeaves() {
    for width in [4, 32] {
      let (a, b) = (
        terms.variable("a\(width)", width: width), terms.variable("b\(width)", width: width)
      )
      let (unsigned, signed) = (terms.unsignedDivide(a, b), terms.signedDivide(a, b))
      #expect(
        terms.subtract(a, terms.multiply(b, unsigned)) == terms.unsignedRemainder(a, b))
      #expect(terms.subtract(a, terms.multiply(signed, b)) == terms.signedRemainder(a, b))
    }
    let (a, b) = (terms.variable("a4", width: 4), terms.variable("b4", width: 4))
    all.check(
      [a, b],
      [
        (terms.multiply(terms.unsignedDivide(a, b), b), { $0[1] == 0 ? 0 : $0[0] / $0[1] * $0[1] }),
        (
          terms.multiply(terms.signedDivide(a, b), b),
          { Division.signedQuotient.apply($0[0], $0[1], 4) * AllValues.signed($0[1], 4) }
        ),
      ])
  }

  /// What is known of a remainder and a constant: its upper bits are zero, also where its low bits alone are left.
  @Test(arguments: 2...5)
  func boundsOfRemainders(_ width: Int) {
    let x = terms.variable("x", width: width)
    var cases: [AllValues.Case] = []
    let mask = 1 << width - 1
    for divisor in 1...mask {
      let right = terms.constant(UInt64(divisor), width: width)
      for inner in [1, 2, 3] {
        let dividend = terms.unsignedDivide(x, terms.constant(UInt64(inner & mask), width: width))
        let remainder = terms.unsignedRemainder(dividend, right)
        for offset in [0, 1, 4, 5] where offset <= mask {
          let term = terms.add(remainder, terms.constant(UInt64(offset), width: width))
          let value = { (values: [Int]) in
            let left = inner & mask == 0 ? mask : values[0] / (inner & mask)
            return (left % divisor + offset) & mask
          }
          for bound in 0...mask {
            let limit = terms.constant(UInt64(bound), width: width)
            cases.append(
              (terms.bits(terms.unsignedLess(term, limit)), { value($0) < bound ? 1 : 0 }))
            cases.append(
              (terms.bits(terms.unsignedLess(limit, term)), { bound < value($0) ? 1 : 0 }))
          }
          for own in 1...width {
            let low = terms.extract(term, own - 1, 0)
            let lowMask = 1 << own - 1
            let constant = terms.constant(UInt64(5 & lowMask), width: own)
            cases.append((terms.or(low, constant), { value($0) & lowMask | 5 & lowMask }))
            cases.append((terms.xor(constant, low), { value($0) & lowMask ^ 5 & lowMask }))
            cases.append(
              (
                terms.or(terms.shiftLeft(low, by: 1), low),
                { value($0) << 1 & lowMask | value($0) & lowMask }
              ))
            for bit in 0..<own {
              cases.append((terms.extract(low, own - 1, bit), { (value($0) & lowMask) >> bit }))
            }
            cases.append(
              (
                terms.bits(terms.equal(terms.zeroExtend(low, to: width), term)),
                { value($0) & lowMask == value($0) ? 1 : 0 }
              ))
          }
        }
      }
    }
    all.check([x], cases)
  }

  /// A digit as a character, as specifications and compilers write it.
  @Test func digitsHaveOneForm() {
    let x = terms.variable("x", width: 32)
    func number(_ value: UInt64) -> Term { terms.constant(value, width: 32) }
    let tens = terms.unsignedDivide(x, number(10))
    for digit in [x, tens].map({ terms.unsignedRemainder($0, number(10)) }) {
      let character = terms.add(digit, number(48))
      let byte = terms.or(terms.extract(digit, 7, 0), terms.constant(48, width: 8))
      #expect(terms.or(digit, number(48)) == character)
      #expect(byte == terms.extract(character, 7, 0))
      #expect(terms.equal(terms.zeroExtend(byte, to: 32), character) == terms.true)
      #expect(terms.value(terms.extract(character, 31, 6))?.isZero == true)
    }
    let (low, high) = (
      terms.unsignedRemainder(x, number(10)), terms.unsignedRemainder(tens, number(10))
    )
    let digits = terms.concat(terms.extract(high, 3, 0), terms.extract(low, 3, 0))
    #expect(
      terms.equal(terms.or(terms.shiftLeft(high, by: 4), low), terms.zeroExtend(digits, to: 32))
        == terms.true)
    // A reciprocal that divides no greater numbers than there are.
    let product = terms.multiply(
      terms.constant(0x1999_999A, width: 64), terms.zeroExtend(tens, to: 64))
    #expect(
      terms.extract(product, 63, 32) == terms.unsignedDivide(x, number(100)))
  }

  /// Bits of products of a signed number and a constant: of the quotient that the product is, or of its sign.
  @Test(arguments: 2...5)
  func bitsOfSignedProducts(_ width: Int) {
    let x = terms.variable("x", width: width)
    let wide = 2 * width
    var cases: [AllValues.Case] = []
    for multiplier in 0..<1 << width {
      let product = terms.multiply(
        terms.constant(UInt64(multiplier), width: wide), terms.signExtend(x, to: wide))
      for low in 0..<wide {
        for high in low..<wide {
          cases.append(
            (
              terms.extract(product, high, low),
              { (AllValues.signed($0[0], width) * multiplier) >> low }
            ))
        }
      }
    }
    all.check([x], cases)
  }
}
