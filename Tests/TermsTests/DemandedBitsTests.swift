import Terms
import Testing

/// Bits that are not demanded do not matter.
@Suite struct DemandedBitsTests {
  /// A random Boolean over words of 8 and 72 bits, of every operator, rich in extractions and masks.
  private func randomTerm(_ terms: TermManager, _ random: inout SplitMix64) -> Term {
    var pool = ["x", "y"].map { terms.variable($0, width: 8) }
    let wide = terms.variable("w", width: 72)
    pool += [terms.extract(wide, 71, 64), terms.extract(wide, 40, 33)]
    for _ in 0..<12 {
      func pick() -> Term { pool[Int(random.next() % UInt64(pool.count))] }
      let (a, b, c) = (pick(), pick(), pick())
      let bit = Int(random.next() % 8)
      let mask = terms.constant(random.next() & random.next(), width: 8)
      let condition = terms.unsignedLess(a, b)
      switch random.next() % 20 {
      case 0: pool.append(terms.not(a))
      case 1: pool.append(terms.and(a, mask))
      case 2: pool.append(terms.or(a, mask))
      case 3: pool.append(terms.xor(a, b))
      case 4: pool.append(terms.and(a, b))
      case 5: pool.append(terms.or(a, b))
      case 6: pool.append(terms.add(a, b))
      case 7: pool.append(terms.negate(a))
      case 8: pool.append(terms.multiply(a, b))
      case 9: pool.append(terms.concat(terms.extract(a, bit, 0), terms.extract(b, 7, bit)))
      case 10: pool.append(terms.signExtend(terms.extract(a, bit, 0), to: 9))
      case 11: pool.append(terms.ifThenElse(condition, b, c))
      case 12: pool.append(terms.shiftLeft(a, b))
      case 13: pool.append(terms.logicalShiftRight(a, b))
      case 14: pool.append(terms.arithmeticShiftRight(a, b))
      case 15: pool.append(terms.unsignedDivide(a, b))
      case 16: pool.append(terms.signedRemainder(a, b))
      case 17: pool.append(terms.ifThenElse(terms.signedLess(a, b), c, mask))
      case 18: pool.append(terms.ifThenElse(terms.equal(a, b), c, a))
      default:
        let sum = terms.add(wide, terms.zeroExtend(a, to: 72))
        pool.append(terms.extract(sum, 47, 40))
      }
      pool[pool.count - 1] = terms.extract(pool[pool.count - 1], 7, 0)
    }
    let last = terms.xor(pool[pool.count - 1], pool[pool.count - 2])
    return terms.bit(last, Int(random.next() % 8))
  }

  @Test(arguments: 0..<400)
  func otherBitsDoNotMatter(_ seed: Int) {
    let terms = TermManager()
    var random = SplitMix64(seed: UInt64(seed))
    let root = randomTerm(terms, &random)
    let demanded = DemandedBits(of: root, in: terms)
    var evaluators = (Evaluator(terms, roots: [root]), Evaluator(terms, roots: [root]))
    for variable in evaluators.0.variables {
      let bits = demanded.bits(of: variable)
      for lane in 0..<evaluators.0.lanes {
        let value = BitVector(
          bytes: (0..<bits.width / 8).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        evaluators.0.set(variable, lane: lane, to: value)
        evaluators.1.set(variable, lane: lane, to: value.zip(bits, &))
      }
    }
    evaluators.0.run()
    evaluators.1.run()
    for lane in 0..<evaluators.0.lanes {
      #expect(evaluators.0.word(root, lane: lane) == evaluators.1.word(root, lane: lane), "\(seed)")
    }
  }

  @Test func whatIsExtractedIsDemanded() {
    let terms = TermManager()
    let x = terms.variable("x", width: 16)
    let part = terms.and(terms.extract(x, 11, 4), terms.constant(0x0F, width: 8))
    let claim = terms.equal(part, terms.constant(3, width: 8))
    #expect(DemandedBits(of: claim, in: terms).bits(of: x) == BitVector(0x00F0, width: 16))
    let sum = terms.bit(terms.add(x, terms.constant(1, width: 16)), 3)
    #expect(DemandedBits(of: sum, in: terms).bits(of: x) == BitVector(0x000F, width: 16))
  }
}
