import Terms
import Testing

/// What code divides by constants with, for all values at small widths: products with reciprocals, and comparisons
/// of products with inverses.
@Suite struct ReciprocalTests {
  private let all = AllValues()
  private var terms: TermManager { all.terms }

  @Test(arguments: 1...7)
  func productsWithReciprocals(_ width: Int) {
    let x = terms.variable("x", width: width)
    var found = 0
    for multiplier in 3..<1 << (width + 2) {
      let wide = 2 * width + 3
      let product = terms.multiply(
        terms.constant(UInt64(multiplier), width: wide), terms.zeroExtend(x, to: wide))
      let cases: [AllValues.Case] = (1..<wide).flatMap { shift in
        Set([wide - 1, Swift.min(wide - 1, shift + 2)]).map { high in
          (terms.extract(product, high, shift), { ($0[0] * multiplier) >> shift })
        }
      }
      found += cases.filter { !isCut($0.term) }.count
      all.check([x], cases)
    }
    #expect(found > 10 * width)
  }

  /// Whether a term is still made of a product.
  private func isCut(_ term: Term) -> Bool {
    terms.support(of: [term]).contains { terms.operation($0) == .multiply }
  }

  @Test(arguments: 2...8)
  func productsWithReciprocalsOfOneBitMore(_ width: Int) {
    let x = terms.variable("x", width: width)
    var found = 0
    for multiplier in 1..<1 << width {
      let product = terms.multiply(
        terms.constant(UInt64(multiplier), width: 2 * width), terms.zeroExtend(x, to: 2 * width))
      let upper = terms.extract(product, 2 * width - 1, width)
      let average = terms.add(
        upper, terms.logicalShiftRight(terms.subtract(x, upper), by: 1))
      let cases: [AllValues.Case] = (1..<width).map { shift in
        (
          terms.logicalShiftRight(average, by: shift),
          { ($0[0] * (multiplier + 1 << width)) >> (width + 1 + shift) }
        )
      }
      found += cases.filter { !isCut($0.term) }.count
      all.check([x], cases)
    }
    #expect(found > 0 || width < 3)
  }

  @Test(arguments: 2...7)
  func productsOfSignedNumbers(_ width: Int) {
    let x = terms.variable("x", width: width)
    let wide = 2 * width + 1
    var found = 0
    for multiplier in 1..<1 << (width + 1) {
      let product = terms.multiply(
        terms.constant(UInt64(multiplier), width: wide), terms.signExtend(x, to: wide))
      var cases: [AllValues.Case] = []
      for shift in 1..<wide {
        let cut = terms.extract(product, wide - 1, shift)
        let meaning = { (values: [Int]) in
          (AllValues.signed(values[0], width) * multiplier) >> shift
        }
        cases.append((cut, meaning))
        for result in [wide - shift + 1, wide, wide + 3] {
          cases.append((terms.signExtend(cut, to: Swift.max(result, wide - shift)), meaning))
        }
      }
      found += cases.filter { !isCut($0.term) }.count
      all.check([x], cases)
    }
    #expect(found > 10)
  }

  /// The upper halves of signed products, from a constant less 2^w and from the unsigned product.
  @Test(arguments: 2...8)
  func upperHalvesOfSignedProducts(_ width: Int) {
    let x = terms.variable("x", width: width)
    let sign = terms.extract(x, width - 1, width - 1)
    var found = 0
    for multiplier in 1..<1 << width {
      func upper(_ constant: Int, _ number: Term) -> Term {
        let factor = terms.constant(signed: Int64(constant), width: 2 * width)
        return terms.extract(terms.multiply(factor, number), 2 * width - 1, width)
      }
      let below = terms.add(
        x, upper(multiplier - 1 << width, terms.signExtend(x, to: 2 * width)))
      let correction = terms.multiply(
        terms.constant(UInt64(multiplier), width: width), terms.zeroExtend(sign, to: width))
      let fromUnsigned = terms.subtract(
        upper(multiplier, terms.zeroExtend(x, to: 2 * width)), correction)
      let cases: [AllValues.Case] = [below, fromUnsigned].flatMap { half in
        (1..<width).map { shift in
          (
            terms.arithmeticShiftRight(half, by: shift),
            { (AllValues.signed($0[0], width) * multiplier) >> (width + shift) }
          )
        }
      }
      found += cases.filter { !isCut($0.term) }.count
      all.check([x], cases)
    }
    #expect(found > 0 || width < 4)
  }

  // MARK: Divisibility

  /// The comparison of a rotation that shows multiples, or does not, for all that it can be made of.
  @Test(arguments: 3...5)
  func rotationsOfProducts(_ width: Int) {
    let x = terms.variable("x", width: width)
    let mask = 1 << width - 1
    for factor in stride(from: 1, through: mask, by: 2) {
      for constant in 0...mask {
        let product = terms.add(
          terms.multiply(terms.constant(UInt64(factor), width: width), x),
          terms.constant(UInt64(constant), width: width))
        var cases: [AllValues.Case] = []
        for power in 0..<width {
          let rotated = terms.rotateLeft(product, by: width - power)
          for bound in 0...mask {
            let least = terms.constant(UInt64(bound), width: width)
            let value = { (values: [Int]) in
              let whole = (values[0] * factor + constant) & mask
              return whole >> power | whole << (width - power) & mask
            }
            cases.append((terms.unsignedLess(least, rotated), { value($0) > bound ? 1 : 0 }))
            cases.append((terms.unsignedLess(rotated, least), { value($0) < bound ? 1 : 0 }))
          }
        }
        all.check([x], cases)
      }
    }
  }

  @Test(arguments: 3...8)
  func multiplesAreFoundByInverses(_ width: Int) {
    let x = terms.variable("x", width: width)
    let last = 1 << width - 1
    for divisor in 3..<1 << (width - 1) where divisor.nonzeroBitCount > 1 {
      let power = divisor.trailingZeroBitCount
      let odd = divisor >> power
      guard let inverse = (1...last).first(where: { $0 * odd & last == 1 }), inverse > odd else {
        continue
      }
      func test(_ constant: Int, _ bound: Int) -> Term {
        let product = terms.add(
          terms.multiply(terms.constant(UInt64(inverse), width: width), x),
          terms.constant(UInt64(constant), width: width))
        let rotated = terms.rotateLeft(product, by: width - power)
        return terms.unsignedLessOrEqual(rotated, terms.constant(UInt64(bound), width: width))
      }
      let (right, zero) = (
        terms.constant(UInt64(divisor), width: width), terms.constant(0, width: width)
      )
      let isMultiple = terms.equal(terms.unsignedRemainder(x, right), zero)
      #expect(test(0, last / divisor) == isMultiple)
      let largest = last / 2 / divisor
      let isSignedMultiple = terms.equal(terms.signedRemainder(x, right), zero)
      #expect(test(largest << power, 2 * largest) == isSignedMultiple)
      all.check(
        [x],
        [
          (isMultiple, { $0[0] % divisor == 0 ? 1 : 0 }),
          (isSignedMultiple, { AllValues.signed($0[0], width) % divisor == 0 ? 1 : 0 }),
        ])
    }
  }

  // MARK: Words

  /// Multipliers for random divisors, right and wrong by one, on words and double words.
  @Test(arguments: 0..<200)
  func multipliersOfWords(_ seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let width = seed % 2 == 0 ? 32 : 64
    let x = terms.variable("x", width: width)
    let last = UInt64.max >> UInt64(64 - width)
    let divisor = Swift.max(2, (random.next() & last) >> (random.next() % UInt64(width - 2)))
    let shift = width + Int(random.next() % 6) + (64 - divisor.leadingZeroBitCount) - 3
    guard shift < 2 * width else { return }
    let exact = (UInt128(1) << UInt128(shift) - 1) / UInt128(divisor) + 1
    let multiplier = exact &+ UInt128(random.next() % 3) &- 1
    guard multiplier >> UInt128(width) == 0, multiplier > 2 else { return }
    let product = terms.multiply(
      terms.constant(BitVector(wide: multiplier, width: 2 * width)),
      terms.zeroExtend(x, to: 2 * width))
    let cut = terms.extract(product, 2 * width - 1, shift)
    var evaluator = Evaluator(terms, roots: [cut, x])
    let edges = (0..<32).map { _ in random.next() % Swift.max(1, last / divisor) * divisor }
    evaluator.set(x) { lane in
      [edges[lane / 2] &- UInt64(lane % 2), random.next(), last, last - divisor][
        lane < 60 ? lane % 2 : lane % 4] & last
    }
    evaluator.run()
    for lane in 0..<64 {
      let number = UInt128(evaluator.word(x, lane: lane))
      let expected = UInt64(truncatingIfNeeded: (number * multiplier) >> UInt128(shift))
      #expect(evaluator.word(cut, lane: lane) == expected, "\(number) by \(divisor)")
    }
  }

  @Test func formsOfCompilersMeet() {
    let (x, y) = (terms.variable("x", width: 32), terms.variable("y", width: 64))
    func unsigned(_ divisor: UInt64) -> Term {
      terms.unsignedDivide(x, terms.constant(divisor, width: 32))
    }
    // x / 10
    let wideX = terms.zeroExtend(x, to: 64)
    let tenth = terms.multiply(terms.constant(0xCCCC_CCCD, width: 64), wideX)
    #expect(terms.zeroExtend(terms.extract(tenth, 63, 35), to: 32) == unsigned(10))
    // x / 7, with a multiplier of 33 bits
    let seventh = terms.multiply(terms.constant(0x2492_4925, width: 64), wideX)
    let upper = terms.extract(seventh, 63, 32)
    let average = terms.add(upper, terms.logicalShiftRight(terms.subtract(x, upper), by: 1))
    #expect(terms.logicalShiftRight(average, by: 2) == unsigned(7))
    // y / 1,000,000,000, the factor 2^9 shifted out first
    let shifted = terms.zeroExtend(terms.logicalShiftRight(y, by: 9), to: 128)
    let billionth = terms.multiply(terms.constant(0x44_B82F_A09B_5A53, width: 128), shifted)
    #expect(
      terms.logicalShiftRight(terms.extract(billionth, 127, 64), by: 11)
        == terms.unsignedDivide(y, terms.constant(1_000_000_000, width: 64)))
    // x / 10, signed
    let signed = terms.multiply(
      terms.constant(0x6666_6667, width: 64), terms.signExtend(x, to: 64))
    let rounded = terms.subtract(
      terms.extract(terms.arithmeticShiftRight(signed, by: 34), 31, 0),
      terms.arithmeticShiftRight(x, by: 31))
    let signedTenth = terms.signedDivide(x, terms.constant(10, width: 32))
    #expect(rounded == signedTenth)
    #expect(
      terms.subtract(x, terms.multiply(terms.constant(10, width: 32), rounded))
        == terms.signedRemainder(x, terms.constant(10, width: 32)))
    // y / 60, signed: 0x8888888888888889 is negative
    let high = terms.extract(
      terms.multiply(
        terms.signExtend(terms.constant(0x8888_8888_8888_8889, width: 64), to: 128),
        terms.signExtend(y, to: 128)), 127, 64)
    let sixtieth = terms.subtract(
      terms.arithmeticShiftRight(terms.add(high, y), by: 5), terms.arithmeticShiftRight(y, by: 63))
    #expect(sixtieth == terms.signedDivide(y, terms.constant(60, width: 64)))
    // Nearly x / 10
    let wrong = terms.multiply(terms.constant(0xCCCC_CCCC, width: 64), wideX)
    #expect(terms.zeroExtend(terms.extract(wrong, 63, 35), to: 32) != unsigned(10))
  }
}
