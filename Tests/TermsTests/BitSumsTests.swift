import Terms
import Testing

/// Sums of bits keep the value of every term.
@Suite struct BitSumsTests {
  /// A random claim over two words: sums, masks, shifts and products with constants.
  private func randomClaim(
    _ terms: TermManager, _ width: Int, _ random: inout SplitMix64
  ) -> Term {
    var pool = ["x", "y"].map { terms.variable($0, width: width) }
    let masks: [UInt64] = [0x5555_5555, 0x3333_3333, 0x0F0F_0F0F, 0x00FF_00FF, 0x0000_FFFF]
    for _ in 0..<12 {
      func pick() -> Term { pool[random.below(pool.count)] }
      let (a, b) = (pick(), pick())
      let count = 1 << random.below(4)
      let mask = terms.constant(masks[random.below(5)] << UInt64(random.below(3)), width: width)
      let shifted = terms.logicalShiftRight(a, by: count)
      switch random.below(10) {
      case 0: pool.append(terms.add(terms.and(a, mask), terms.and(shifted, mask)))
      case 1: pool.append(terms.subtract(a, terms.and(shifted, mask)))
      case 2: pool.append(terms.and(a, mask))
      case 3: pool.append(terms.add(a, b))
      case 4: pool.append(terms.multiply(a, terms.constant(random.next(), width: width)))
      case 5: pool.append(shifted)
      case 6:
        let bit = terms.bit(a, random.below(width))
        pool.append(terms.add(b, terms.zeroExtend(terms.bits(bit), to: width)))
      case 7: pool.append(terms.not(a))
      case 8:
        let low = terms.extract(a, random.below(width), 0)
        pool.append(terms.signExtend(low, to: width))
      default: pool.append(terms.shiftLeft(a, by: count))
      }
    }
    return terms.equal(pool[pool.count - 1], pool[pool.count - 2])
  }

  @Test(arguments: 0..<300)
  func normalizingKeepsTheValue(_ seed: Int) {
    let terms = TermManager()
    var random = SplitMix64(seed: UInt64(seed))
    let width = [8, 9, 16, 32][seed % 4]
    let claim = randomClaim(terms, width, &random)
    // The parts of the claim show more than its truth, which is mostly false.
    let parts = terms.support(of: [claim]).filter { !terms.isBool($0) }
    let tests = parts.map { terms.bit($0, seed % terms.width($0)) }
    let normal = tests.map { BitSums.normalize($0, in: terms) }
    var evaluator = Evaluator(terms, roots: tests + normal)
    for _ in 0..<4 {
      for variable in evaluator.variables {
        evaluator.set(variable, words: { _ in random.next() >> UInt64(64 - width) })
      }
      evaluator.run()
      for (test, other) in zip(tests, normal) {
        for lane in 0..<evaluator.lanes {
          #expect(evaluator.word(test, lane: lane) == evaluator.word(other, lane: lane))
        }
      }
    }
  }

  @Test(arguments: [32, 64]) func aPopulationCountIsASum(width: Int) {
    let terms = TermManager()
    let x = terms.variable("x", width: width)
    func constant(_ byte: UInt64) -> Term {
      terms.constant(byte &* 0x0101_0101_0101_0101 & (.max >> UInt64(64 - width)), width: width)
    }
    func pairs(_ value: Term, _ mask: Term, _ count: Int) -> Term {
      terms.add(
        terms.and(value, mask), terms.and(terms.logicalShiftRight(value, by: count), mask))
    }
    let twos = terms.subtract(
      x, terms.and(terms.logicalShiftRight(x, by: 1), constant(0x55)))
    let fours = pairs(twos, constant(0x33), 2)
    let eights = terms.and(
      terms.add(fours, terms.logicalShiftRight(fours, by: 4)), constant(0x0F))
    let total = terms.logicalShiftRight(terms.multiply(eights, constant(1)), by: width - 8)
    let bits = (0..<width).map { terms.zeroExtend(terms.extract(x, $0, $0), to: width) }
    let claim = terms.equal(total, bits.reduce(terms.constant(0, width: width), terms.add))
    #expect(claim != terms.true)
    #expect(BitSums.normalize(claim, in: terms) == terms.true)
    let short = terms.equal(total, bits.dropLast().reduce(bits[0], terms.add))
    #expect(BitSums.normalize(short, in: terms) != terms.true)
  }

  /// The same with additions of shifted copies in place of the product.
  @Test func bytesMayBeAddedByShifts() {
    let terms = TermManager()
    let x = terms.variable("x", width: 32)
    let bytes = terms.and(x, terms.constant(0x0F0F_0F0F, width: 32))
    let halves = terms.add(bytes, terms.shiftLeft(bytes, by: 8))
    let all = terms.add(halves, terms.shiftLeft(halves, by: 16))
    let total = terms.logicalShiftRight(all, by: 24)
    let sum = terms.lanes(bytes, of: 8).reduce(terms.constant(0, width: 8), terms.add)
    let claim = terms.equal(total, terms.zeroExtend(sum, to: 32))
    #expect(BitSums.normalize(claim, in: terms) == terms.true)
  }
}
