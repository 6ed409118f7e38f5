import Terms
import Testing

/// Batched evaluation gives what the operators mean, lane by lane.
@Suite struct EvaluatorTests {
  @Test(arguments: [1, 4, 7, 8, 16, 31, 32, 33, 63, 64, 65, 128, 130])
  func agreesWithTheMeaningOfOperators(width: Int) {
    for number in 0..<150 {
      var generator = ExpressionGenerator(
        seed: UInt64(number * 997 + width), width: width, multiplies: true,
        arrays: number % 3 == 0)
      let terms = TermManager()
      let built = generator.generate(depth: 5).build(in: terms)
      guard let root = built.last else { continue }
      var random = SplitMix64(seed: UInt64(number))
      compare(root, terms, &random)
    }
  }

  /// Quotients and remainders by a divisor that all lanes share, which are not divided for.
  @Test(arguments: [4, 8, 31, 32, 33, 64]) func dividesByWhatLanesShare(width: Int) {
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: width), terms.variable("y", width: width))
    let roots = [terms.unsignedDivide(x, y), terms.unsignedRemainder(x, y)]
    let most = UInt64.max >> UInt64(64 - width)
    var random = SplitMix64(seed: UInt64(width))
    for divisor in [0, 1, 2, 3, 7, 8, 10, most / 2, most / 2 + 1, most - 1, most] {
      let near = [0, 1, divisor &- 1, divisor, divisor &* 2 &- 1, most - 1, most]
      let dividends = near.map { $0 & most } + (0..<25).map { _ in random.next() & most }
      var evaluator = Evaluator(terms, roots: roots, lanes: dividends.count)
      evaluator.set(x, words: { dividends[$0] })
      evaluator.set(y, words: { _ in divisor })
      evaluator.run()
      for (lane, dividend) in dividends.enumerated() {
        let expected = divisor == 0 ? [most, dividend] : [dividend / divisor, dividend % divisor]
        #expect(
          roots.map { evaluator.word($0, lane: lane) } == expected, "\(dividend) by \(divisor)")
      }
    }
  }

  private func compare(_ root: Term, _ terms: TermManager, _ random: inout SplitMix64) {
    let lanes = 5
    var evaluator = Evaluator(terms, roots: [root], lanes: lanes)
    var references = [Reference](repeating: Reference(), count: lanes)
    for variable in evaluator.variables {
      for lane in 0..<lanes {
        switch terms.sort(variable) {
        case .bool, .bitVector:
          let value = random.bits(terms.width(variable))
          evaluator.set(variable, lane: lane, to: value)
          references[lane].values[variable] = value
        case .array(let index, let element):
          var value = ArrayValue(otherwise: random.bits(element))
          for _ in 0..<3 { value.entries[random.bits(index)] = random.bits(element) }
          evaluator.set(variable, lane: lane, to: value)
          references[lane].arrays[variable] = value
        }
      }
    }
    evaluator.run()
    for lane in 0..<lanes {
      references[lane].run(root, terms)
      for term in terms.support(of: [root]) {
        guard let expected = references[lane].values[term] else { continue }
        #expect(
          evaluator.value(term, lane: lane) == expected, "\(SMTLIBWriter(terms).expression(term))")
      }
    }
  }

  /// The plain evaluation, one term after the other, by the meaning of operators.
  struct Reference {
    var values: [Term: BitVector] = [:]
    var arrays: [Term: ArrayValue] = [:]

    mutating func run(_ root: Term, _ terms: TermManager) {
      for term in terms.support(of: [root]) where terms.operation(term) != .variable {
        let operands = terms.children(term)
        let bits = operands.map { values[$0] ?? BitVector.zero(1) }
        switch terms.operation(term) {
        case .variable: break
        case .constant: values[term] = terms.value(term)
        case .extract:
          values[term] = terms.bounds(term).map { bits[0].extracting($0.high, $0.low) }
        case .signExtend: values[term] = bits[0].signExtended(to: terms.width(term))
        case .select: values[term] = arrays[operands[0]]?[bits[1]]
        case .store:
          arrays[term] = arrays[operands[0]]
          arrays[term]?.entries[bits[1]] = bits[2]
        case .constantArray: arrays[term] = ArrayValue(otherwise: bits[0])
        case .ifThenElse where arrays[operands[1]] != nil:
          arrays[term] = arrays[bits[0].isZero ? operands[2] : operands[1]]
        case .equal where arrays[operands[0]] != nil:
          values[term] = BitVector(
            equal(arrays[operands[0]], arrays[operands[1]]) ? 1 : 0, width: 1)
        default:
          values[term] = terms.operation(term).meaning(
            bits[0], bits.count > 1 ? bits[1] : bits[0], bits.count > 2 ? bits[2] : bits[0])
        }
      }
    }

    /// Equality of arrays whose index sort is never covered by exceptions.
    private func equal(_ left: ArrayValue?, _ right: ArrayValue?) -> Bool {
      guard let left, let right else { return false }
      guard let width = (left.entries.keys.first ?? right.entries.keys.first)?.width else {
        return left.otherwise == right.otherwise
      }
      guard width <= 8 else { return false }
      return (0..<UInt64(1 << width)).allSatisfy {
        left[BitVector($0, width: width)] == right[BitVector($0, width: width)]
      }
    }
  }
}

/// The operators that are computed a word of all lanes at a time, at every kind of boundary.
extension EvaluatorTests {
  private static let boundaries = [
    1, 3, 31, 63, 64, 65, 100, 127, 128, 129, 192, 255, 256, 320, 512,
  ]

  @Test(arguments: boundaries) func wideParts(width: Int) {
    var random = SplitMix64(seed: UInt64(width))
    let terms = TermManager()
    let value = terms.variable("v", width: width)
    for _ in 0..<40 {
      let low = Int(random.next() % UInt64(width))
      let high = low + Int(random.next() % UInt64(width - low))
      compare(terms.extract(value, high, low), terms, &random)
      compare(terms.signExtend(value, to: width + Int(random.next() % 200)), terms, &random)
    }
    for other in Self.boundaries {
      compare(terms.concat(value, terms.variable("w\(other)", width: other)), terms, &random)
    }
  }

  @Test(arguments: boundaries) func wideOperators(width: Int) {
    var random = SplitMix64(seed: UInt64(width))
    let terms = TermManager()
    let (a, b) = (terms.variable("a", width: width), terms.variable("b", width: width))
    let ones = terms.constant(.ones(width))
    let roots = [
      terms.add(a, b), terms.add(a, ones), terms.unsignedLess(a, b), terms.equal(a, b),
      terms.equal(terms.and(a, b), a), terms.or(terms.not(a), b), terms.xor(a, b),
      terms.ifThenElse(terms.unsignedLess(a, b), a, terms.not(b)),
    ]
    for root in roots {
      for _ in 0..<10 { compare(root, terms, &random) }
    }
  }
}
