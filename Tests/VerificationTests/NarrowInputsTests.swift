import Terms
import Testing
import Verification

/// Inputs of which assumptions leave few bits.
@Suite struct NarrowInputsTests {
  /// What is put in place of `x`, of 16 bits.
  private func narrowed(
    _ facts: (TermManager, Term) -> [Term]
  ) -> (terms: TermManager, x: Term, narrow: Term) {
    let terms = TermManager()
    let x = terms.variable("x", width: 16)
    return (terms, x, NarrowInputs(terms, assumptions: facts(terms, x)).narrowed(x))
  }

  private static func constant(_ terms: TermManager, _ value: Int64, width: Int = 16) -> Term {
    terms.constant(BitVector(signed: value, width: width))
  }

  /// Facts about `x`, and how many bits are left.
  private typealias Bound = (count: Int, facts: @Sendable (TermManager, Term) -> [Term])

  private static let unsigned: [Bound] = [
    (8, { terms, x in [terms.unsignedLess(x, constant(terms, 256))] }),
    (9, { terms, x in [terms.unsignedLessOrEqual(x, constant(terms, 256))] }),
    (4, { terms, x in [terms.equal(terms.extract(x, 15, 4), constant(terms, 0, width: 12))] }),
    (
      7,
      { terms, x in
        [
          terms.signedLessOrEqual(constant(terms, 0), x),
          terms.signedLess(x, constant(terms, 100)),
        ]
      }
    ),
    (3, { terms, x in [terms.and(terms.bit(x, 0), terms.unsignedLess(x, constant(terms, 5)))] }),
    (
      7,
      { terms, x in
        [
          terms.not(terms.signedLess(x, constant(terms, 1))),
          terms.signedLess(x, constant(terms, 100)),
        ]
      }
    ),
  ]

  @Test(arguments: unsigned.indices) func upperBits(index: Int) {
    let (count, facts) = Self.unsigned[index]
    let (terms, x, narrow) = narrowed(facts)
    #expect(narrow == terms.zeroExtend(terms.extract(x, count - 1, 0), to: 16))
  }

  @Test func copiesOfTheSign() {
    let (terms, x, narrow) = narrowed { terms, x in
      [
        terms.signedLess(x, Self.constant(terms, 90)),
        terms.not(terms.signedLess(x, Self.constant(terms, -100))),
      ]
    }
    #expect(narrow == terms.signExtend(terms.extract(x, 7, 0), to: 16))
  }

  /// One bound alone, another variable's, and what is no bound.
  private static let loose: [@Sendable (TermManager, Term) -> [Term]] = [
    { terms, x in [terms.signedLess(x, constant(terms, 100))] },
    { terms, x in [terms.unsignedLess(constant(terms, 100), x)] },
    { terms, x in [terms.unsignedLess(terms.variable("y", width: 16), constant(terms, 100))] },
    { terms, x in
      [terms.or(terms.bit(x, 3), terms.unsignedLess(x, constant(terms, 100)))]
    },
    { terms, x in [terms.equal(terms.extract(x, 14, 4), constant(terms, 0, width: 11))] },
    { terms, x in [terms.equal(terms.extract(x, 15, 4), constant(terms, 1, width: 12))] },
    { terms, x in
      [terms.unsignedLess(terms.add(x, constant(terms, 7)), constant(terms, 100))]
    },
  ]

  @Test(arguments: loose.indices) func nothingIsTakenForABound(index: Int) {
    let (_, x, narrow) = narrowed(Self.loose[index])
    #expect(narrow == x)
  }

  /// Wherever random bounds hold, the few bits say the same, and models of them are completed so that they hold.
  @Test(arguments: 0..<300) func theFewBitsSayTheSame(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let terms = TermManager()
    let width = 7
    let x = terms.variable("x", width: width)
    let facts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      let bound = terms.constant(UInt64.random(in: 0..<128, using: &random), width: width)
      let isLeft = Bool.random(using: &random)
      let (left, right) = isLeft ? (x, bound) : (bound, x)
      let less =
        Bool.random(using: &random)
        ? terms.signedLess(left, right) : terms.unsignedLess(left, right)
      return Bool.random(using: &random) ? less : terms.not(less)
    }
    let inputs = NarrowInputs(terms, assumptions: facts)
    let (all, narrow) = (terms.and(facts), inputs.narrowed(x))
    let narrowFacts = inputs.narrowed(all)
    let lanes = 1 << width
    var evaluator = Evaluator(terms, roots: [all, narrow, narrowFacts, x], lanes: lanes)
    evaluator.set(x) { UInt64($0) }
    evaluator.run()
    for lane in 0..<lanes {
      if evaluator.word(all, lane: lane) == 1 {
        #expect(evaluator.word(narrow, lane: lane) == UInt64(lane))
      }
      guard evaluator.word(narrowFacts, lane: lane) == 1 else { continue }
      let model = inputs.completed(Model(values: [x: BitVector(UInt64(lane), width: width)]))
      let value = Int(model.values[x]?.low ?? 0)
      #expect(evaluator.word(all, lane: value) == 1, "\(lane) became \(value)")
    }
  }

  /// What a condition says of its own inputs, of one by another too; what it says in one case only does not count.
  @Test func conditionsNarrowThemselves() {
    let terms = TermManager()
    let (i, n) = (terms.variable("i", width: 16), terms.variable("n", width: 16))
    let isShort = terms.unsignedLess(n, Self.constant(terms, 256))
    let isInside = terms.unsignedLess(i, n)
    let same = terms.equal(i, Self.constant(terms, 300))
    let condition = terms.and([isShort, isInside, same])
    #expect(NarrowInputs.narrowedByItself(condition, terms) == terms.false)
    let either = terms.and(terms.or(isShort, isInside), same)
    #expect(NarrowInputs.narrowedByItself(either, terms) == either)
    let above = terms.and([isShort, terms.unsignedLess(n, i), same])
    #expect(NarrowInputs.narrowedByItself(above, terms) != terms.false)
  }
}
