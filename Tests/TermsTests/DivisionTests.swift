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
}
