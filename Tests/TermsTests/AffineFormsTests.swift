import Terms
import Testing

/// Normal forms over GF(2) keep the value of every term.
@Suite struct AffineFormsTests {
  /// A random Boolean term over three bytes, mostly exclusive ors of their parts.
  private func randomTerm(_ terms: TermManager, _ random: inout SplitMix64) -> Term {
    var pool = ["x", "y", "z"].map { terms.variable($0, width: 8) }
    for _ in 0..<24 {
      func pick() -> Term { pool[Int(random.next() % UInt64(pool.count))] }
      let (a, b) = (pick(), pick())
      let bit = Int(random.next() % 8)
      let condition = terms.bit(pick(), bit)
      switch random.next() % 9 {
      case 0, 1, 2: pool.append(terms.xor(a, b))
      case 3: pool.append(terms.and(a, terms.constant(random.next(), width: 8)))
      case 4: pool.append(terms.and(a, b))
      case 5: pool.append(terms.concat(terms.extract(a, bit, 0), terms.extract(b, 7, bit)))
      case 6:
        let other = terms.xor(a, terms.constant(random.next(), width: 8))
        pool.append(terms.ifThenElse(condition, a, other))
      case 7:
        // A constant shifted by three bits: a table, which may be affine.
        let tables: [UInt64] = [0x96, 0x69, 0xAA, 0xF0, random.next()]
        let table = terms.constant(tables[Int(random.next() % 5)], width: 8)
        pool.append(
          terms.logicalShiftRight(table, terms.zeroExtend(terms.extract(a, 2, 0), to: 8)))
      default: pool.append(terms.add(a, b))
      }
      pool[pool.count - 1] = terms.extract(pool[pool.count - 1], 7, 0)
    }
    return terms.equal(terms.xor(pool[26], pool[25]), terms.xor(pool[24], pool[23]))
  }

  @Test(arguments: 0..<200)
  func normalizingKeepsTheValue(_ seed: Int) {
    let terms = TermManager()
    var random = SplitMix64(seed: UInt64(seed))
    let original = randomTerm(terms, &random)
    let normal = AffineForms.normalize(original, in: terms)
    var evaluator = Evaluator(terms, roots: [original, normal])
    for round in 0..<16 {
      for variable in evaluator.variables {
        evaluator.set(variable, words: { _ in random.next() & 0xFF })
      }
      evaluator.run()
      for lane in 0..<evaluator.lanes {
        #expect(
          evaluator.word(original, lane: lane) == evaluator.word(normal, lane: lane),
          "seed \(seed), round \(round)")
      }
    }
  }

  @Test func equalExclusiveOrsAreOneTerm() {
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: 8), terms.variable("y", width: 8))
    // One step of a CRC, with the test before and after another value is added.
    func step(_ value: Term) -> Term {
      let shifted = terms.logicalShiftRight(value, by: 1)
      return terms.ifThenElse(
        terms.bit(value, 0), terms.xor(shifted, terms.constant(0xB8, width: 8)), shifted)
    }
    let claim = terms.equal(step(terms.xor(x, y)), terms.xor(step(x), step(y)))
    #expect(claim != terms.true)
    #expect(AffineForms.normalize(claim, in: terms) == terms.true)
    let wrong = terms.equal(step(terms.xor(x, y)), terms.xor(step(x), y))
    #expect(AffineForms.normalize(wrong, in: terms) != terms.true)
  }

  @Test func tablesOfParitiesAreExclusiveOrs() {
    let terms = TermManager()
    let x = terms.variable("x", width: 4)
    let parity = (0..<4).map { terms.extract(x, $0, $0) }
      .reduce(terms.constant(0, width: 1), terms.xor)
    func entry(_ table: UInt64) -> Term {
      terms.extract(
        terms.arithmeticShiftRight(
          terms.constant(table, width: 32), terms.zeroExtend(x, to: 32)), 0, 0)
    }
    let claim = terms.equal(entry(0x6996), parity)
    #expect(claim != terms.true)
    #expect(AffineForms.normalize(claim, in: terms) == terms.true)
    let wrong = terms.equal(entry(0x6997), parity)
    #expect(AffineForms.normalize(wrong, in: terms) != terms.true)
  }
}
