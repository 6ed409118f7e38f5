import Terms
import Testing

/// Bit-vectors that are cut and joined.
@Suite struct StructureTests {
  /// The low bits of arithmetic are arithmetic on low bits, and yet the parts are the whole.
  @Test(arguments: [2, 8, 16, 33, 63]) func partsOfArithmeticJoin(cut: Int) {
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: 64), terms.variable("y", width: 64))
    let wholes = [
      terms.add(x, y), terms.add(x, terms.constant(20, width: 64)), terms.multiply(x, y),
      terms.negate(x), terms.add(terms.multiply(x, y), terms.negate(y)),
    ]
    func joined(_ high: Term, _ low: Term) -> Term {
      terms.concat(terms.extract(high, 63, cut), terms.extract(low, cut - 1, 0))
    }
    for (index, whole) in wholes.enumerated() {
      #expect(joined(whole, whole) == whole)
      for other in wholes[..<index] { #expect(joined(whole, other) != whole) }
    }
  }

  /// Choices, equality and order of sign extensions are those of what is extended, of the wider where they differ, and
  /// of constants that are such.
  @Test func signExtensionsStayOutside() {
    let all = AllValues()
    let terms = all.terms
    let (c, x) = (terms.variable("c", .bool), terms.variable("x", width: 3))
    let y = terms.variable("y", width: 4)
    let (long, other) = (terms.signExtend(x, to: 8), terms.signExtend(y, to: 8))
    let (wide, few) = (terms.signExtend(x, to: 4), terms.constant(BitVector(signed: -3, width: 8)))
    #expect(
      terms.ifThenElse(c, long, other) == terms.signExtend(terms.ifThenElse(c, wide, y), to: 8))
    #expect(terms.equal(long, other) == terms.equal(wide, y))
    #expect(terms.signedLess(long, other) == terms.signedLess(wide, y))
    let many = terms.constant(5, width: 8)
    func value(_ values: [Int], _ index: Int, _ width: Int) -> Int {
      AllValues.signed(values[index], width)
    }
    all.check(
      [c, x, y],
      [
        (terms.ifThenElse(c, long, few), { $0[0] == 1 ? value($0, 1, 3) : -3 }),
        (terms.ifThenElse(c, long, many), { $0[0] == 1 ? value($0, 1, 3) : 5 }),
        (terms.ifThenElse(c, long, other), { $0[0] == 1 ? value($0, 1, 3) : value($0, 2, 4) }),
        (terms.equal(long, other), { value($0, 1, 3) == value($0, 2, 4) ? 1 : 0 }),
        (terms.signedLess(long, many), { value($0, 1, 3) < 5 ? 1 : 0 }),
        (terms.signedLess(few, other), { -3 < value($0, 2, 4) ? 1 : 0 }),
      ])
  }

  /// What was stored everywhere an index can be leaves nothing of the array before.
  @Test func selectsFromWhatWasStored() {
    let terms = TermManager()
    let before = terms.variable("a", .array(index: 64, element: 8))
    func stored(_ count: Int) -> Term {
      (0..<count).reduce(before) { array, index in
        terms.store(
          array, terms.constant(UInt64(index), width: 64), terms.variable("e\(index)", width: 8))
      }
    }
    let (x, y, z) = (
      terms.variable("x", .bool), terms.variable("y", .bool), terms.variable("z", .bool)
    )
    let index = [x, y, z].map { terms.bits($0, width: 64) }.reduce(terms.constant(0, width: 64)) {
      terms.add($0, $1)
    }
    func keepsArray(_ count: Int) -> Bool {
      terms.freeVariables(of: [terms.select(stored(count), index)]).contains(before)
    }
    #expect(keepsArray(3) && !keepsArray(4) && !keepsArray(5))
    let whole = terms.select(stored(5), index)
    for lane in 0..<8 {
      var evaluator = Evaluator(terms, roots: [whole], lanes: 1)
      for (bit, variable) in [x, y, z].enumerated() {
        evaluator.set(variable) { _ in UInt64(lane >> bit & 1) }
      }
      for element in 0..<4 {
        evaluator.set(terms.variable("e\(element)", width: 8)) { _ in UInt64(10 + element) }
      }
      evaluator.run()
      #expect(evaluator.word(whole, lane: 0) == UInt64(10 + lane.nonzeroBitCount))
    }
  }

  /// An arithmetic shift of which a mask takes no copy of the sign is a logical one.
  @Test(arguments: [8, 64, 72, 128]) func signsThatAMaskDoesNotTakeAreZeros(width: Int) {
    let terms = TermManager()
    let x = terms.variable("x", width: width)
    let every = BitVector(width: width) { _ in 0x3333_3333_3333_3333 }
    for mask in [every, every.shiftedRight(logical: 1)] {
      let shifts = [terms.arithmeticShiftRight(x, by: 2), terms.logicalShiftRight(x, by: 2)]
      let masked = shifts.map { terms.and(terms.constant(mask), $0) }
      #expect(masked[0] == masked[1])
    }
    let left = every.shiftedRight(logical: 2).complement()
    let parts = [terms.arithmeticShiftRight(x, by: 2), terms.logicalShiftRight(x, by: 2)]
      .map { terms.and($0, terms.constant(left)) }
    #expect(parts[0] != parts[1])
  }

  @Test(arguments: 0..<40) func constantsJoinAsOneByOne(seed: Int) throws {
    let terms = TermManager()
    var random = SplitMix64(seed: UInt64(seed))
    let parts = (0..<Int.random(in: 1...9, using: &random)).map { _ in
      BitVector(width: Int.random(in: 1...90, using: &random)) { _ in random.next() }
    }
    let whole = try #require(terms.value(terms.concat(parts.map { terms.constant($0) })))
    #expect(whole == parts.dropFirst().reduce(parts[0]) { $0.concatenating($1) })
  }

  @Test(arguments: [1, 7, 8, 9, 16, 17, 64]) func bytesAreTheLeastSignificantFirst(count: Int) {
    let bytes = (0..<count).map { UInt8($0 + 1) }
    let value = BitVector(bytes: bytes)
    #expect(value.width == count * 8 && value.bytes == bytes)
    #expect(value.extracting(7, 0).low == 1)
    #expect(value.extracting(count * 8 - 1, count * 8 - 8).low == UInt64(count))
  }

  /// Vectors are widened by putting what a comparison says of a lane's sign above it.
  @Test func lanesBelowCopiesOfTheirSignsAreWider() {
    let terms = TermManager()
    let parts = (0..<2).map { terms.variable("x\($0)", width: 8) }
    let lane = terms.concat(parts[1], parts[0])
    let zero = terms.constant(0, width: 16)
    let mask = terms.ifThenElse(
      terms.signedLess(lane, zero), terms.constant(0xFFFF, width: 16), zero)
    let wide = terms.signExtend(lane, to: 32)
    #expect(terms.concat(mask, lane) == wide)
    #expect(terms.concat(terms.signExtend(terms.extract(lane, 15, 15), to: 16), lane) == wide)
    let above = terms.concat([parts[0], mask, lane])
    #expect(terms.extract(above, 31, 0) == wide)
    let other = terms.concat(mask, terms.concat(parts[0], parts[1]))
    #expect(terms.operation(other) == .concat)
  }

  /// An array is read alike in whatever order it was stored to.
  @Test func theOrderOfStoresDoesNotCount() {
    let terms = TermManager()
    let array = terms.variable("m", .array(index: 8, element: 8))
    let index = terms.variable("i", width: 8)
    let values = (0..<4).map { terms.variable("v\($0)", width: 8) }
    func read(_ order: [Int]) -> Term {
      terms.select(
        order.reduce(array) {
          terms.store($0, terms.constant(UInt64($1 & 3), width: 8), values[$1 & 3])
        }, index)
    }
    #expect(read([0, 1, 2, 3]) == read([3, 1, 0, 2]))
    // The later one of two at one place counts.
    let twice = terms.select(
      terms.store(
        terms.store(
          terms.store(array, terms.constant(1, width: 8), values[0]),
          terms.constant(0, width: 8), values[2]), terms.constant(1, width: 8), values[1]), index)
    var evaluator = Evaluator(terms, roots: [twice], lanes: 1)
    evaluator.set(
      Model(values: [
        index: BitVector(1, width: 8), values[0]: BitVector(7, width: 8),
        values[1]: BitVector(9, width: 8),
      ]), lane: 0)
    evaluator.run()
    #expect(evaluator.word(twice, lane: 0) == 9)
  }

  @Test func choicesWithAnArmInCommonAreComparedByTheOther() {
    let terms = TermManager()
    let condition = terms.variable("c", .bool)
    let (a, b, c) = (
      terms.variable("a", width: 8), terms.variable("b", width: 8), terms.variable("d", width: 8)
    )
    #expect(
      terms.equal(terms.ifThenElse(condition, a, c), terms.ifThenElse(condition, b, c))
        == terms.implies(condition, terms.equal(a, b)))
    #expect(
      terms.equal(terms.ifThenElse(condition, c, a), terms.ifThenElse(condition, c, b))
        == terms.or(condition, terms.equal(a, b)))
  }
}
