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
      var random = SplitMix(state: UInt64(number))
      compare(root, terms, &random)
    }
  }

  private func compare(_ root: Term, _ terms: TermManager, _ random: inout SplitMix) {
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
@Suite struct WideEvaluationTests {
  private static let widths = [1, 3, 31, 63, 64, 65, 100, 127, 128, 129, 192, 255, 256, 320, 512]

  /// The value of `term` in each of some lanes, and what `meaning` says of the same operands.
  private func check(
    _ widths: [Int], _ random: inout SplitMix,
    term: (TermManager, [Term]) -> Term, meaning: ([BitVector]) -> BitVector
  ) {
    let terms = TermManager()
    let variables = widths.enumerated().map {
      terms.variable("v\($0.offset)", .bitVector($0.element))
    }
    let root = term(terms, variables)
    var evaluator = Evaluator(terms, roots: [root] + variables, lanes: 3)
    var operands: [[BitVector]] = []
    for lane in 0..<3 {
      // All ones in the last lane: they carry over every boundary.
      operands.append(widths.map { lane == 2 ? .ones($0) : random.bits($0) })
      for (variable, value) in zip(variables, operands[lane]) {
        evaluator.set(variable, lane: lane, to: value)
      }
    }
    evaluator.run()
    for lane in 0..<3 {
      #expect(
        evaluator.value(root, lane: lane) == meaning(operands[lane]),
        "\(SMTLIBWriter(terms).expression(root)) at \(widths)")
    }
  }

  @Test func partsAndExtensions() {
    var random = SplitMix(state: 1)
    for width in Self.widths {
      for _ in 0..<40 {
        let low = Int(random.next() % UInt64(width))
        let high = low + Int(random.next() % UInt64(width - low))
        check([width], &random, term: { $0.extract($1[0], high, low) }) {
          $0[0].extracting(high, low)
        }
        let wide = width + Int(random.next() % 200)
        check([width], &random, term: { $0.signExtend($1[0], to: wide) }) {
          $0[0].signExtended(to: wide)
        }
      }
      for other in Self.widths {
        check([width, other], &random, term: { $0.concat($1[0], $1[1]) }) {
          $0[0].concatenating($0[1])
        }
      }
    }
  }

  @Test func operatorsOfOneWidth() {
    var random = SplitMix(state: 2)
    for width in Self.widths {
      for _ in 0..<10 {
        check([width, width], &random, term: { $0.add($1[0], $1[1]) }) {
          Operator.add.meaning($0[0], $0[1], $0[0]) ?? .zero(1)
        }
        check([width, width], &random, term: { $0.unsignedLess($1[0], $1[1]) }) {
          Operator.unsignedLess.meaning($0[0], $0[1], $0[0]) ?? .zero(1)
        }
        check([width, width], &random, term: { $0.equal($1[0], $1[1]) }) {
          Operator.equal.meaning($0[0], $0[1], $0[0]) ?? .zero(1)
        }
        check([width, width], &random, term: { $0.or($0.not($1[0]), $1[1]) }) {
          Operator.or.meaning(
            Operator.not.meaning($0[0], $0[0], $0[0]) ?? .zero(1), $0[1], $0[0]) ?? .zero(1)
        }
        check(
          [width, width], &random,
          term: { $0.ifThenElse($0.unsignedLess($1[0], $1[1]), $1[0], $0.not($1[1])) }
        ) { operands in
          let isLess = Operator.unsignedLess.meaning(operands[0], operands[1], operands[0])
          let inverse = Operator.not.meaning(operands[1], operands[1], operands[1]) ?? .zero(1)
          return isLess?.isZero == false ? operands[0] : inverse
        }
      }
    }
  }
}
