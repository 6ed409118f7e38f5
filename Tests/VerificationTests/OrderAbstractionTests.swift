import Terms
import Testing
import Verification

/// Orders stand for all inputs: compared with trying every input at small widths.
@Suite struct OrderAbstractionTests {
  /// A random condition that moves, chooses and compares three numbers of `width` bits.
  private func condition(
    _ terms: TermManager, _ width: Int, _ random: inout SystemRandomNumberGenerator
  ) -> Term {
    func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    var data = ["x", "y", "z"].map { terms.variable($0, width: width) }
    if below(2) == 0 {
      data.append(terms.constant(UInt64(below(1 << width)), width: width))
    }
    var truths: [Term] = [terms.variable("p", .bool)]
    let kinds = below(3)
    for _ in 0..<10 {
      let (a, b) = (data[below(data.count)], data[below(data.count)])
      let (p, q) = (truths[below(truths.count)], truths[below(truths.count)])
      switch below(6) {
      case 0: data.append(terms.ifThenElse(p, a, b))
      case 1: truths.append(terms.equal(a, b))
      case 2: truths.append(kinds == 0 ? terms.signedLess(a, b) : terms.unsignedLess(a, b))
      case 3: truths.append(kinds == 1 ? terms.unsignedLess(a, b) : terms.signedLess(a, b))
      case 4: truths.append(terms.and(p, terms.not(q)))
      default:
        // A count of truths, as permutations are specified.
        let count = terms.add(terms.bits(p, width: 2), terms.bits(q, width: 2))
        truths.append(terms.equal(count, terms.constant(UInt64(below(3)), width: 2)))
      }
    }
    return truths.suffix(3).reduce(terms.true, terms.and)
  }

  private func hasModel(_ condition: Term, _ terms: TermManager, _ width: Int) -> Bool {
    var evaluator = Evaluator(terms, roots: [condition], lanes: 1 << (3 * width))
    for flag in [UInt64(0), 1] {
      var low = 0
      for variable in evaluator.variables {
        if terms.isBool(variable) {
          evaluator.set(variable, words: { _ in flag })
        } else {
          let shift = low
          evaluator.set(
            variable, words: { UInt64($0) >> UInt64(shift) & ((1 << UInt64(width)) - 1) })
          low += width
        }
      }
      evaluator.run()
      for lane in 0..<evaluator.lanes where evaluator.word(condition, lane: lane) == 1 {
        return true
      }
    }
    return false
  }

  @Test(arguments: [1, 2, 3, 4])
  func agreesWithTryingAllInputs(width: Int) {
    var random = SystemRandomNumberGenerator()
    var (with, without) = (0, 0)
    for _ in 0..<400 {
      let terms = TermManager()
      let condition = condition(terms, width, &random)
      guard let orders = OrderAbstraction(terms, isBad: condition) else { continue }
      let expected = hasModel(condition, terms, width)
      let model = orders.model()
      let representative = terms.and(condition, orders.isRepresentative)
      #expect(
        hasModel(representative, terms, width) == expected,
        "\(SMTLIBWriter(terms).expression(condition))")
      #expect((model != nil) == expected, "\(SMTLIBWriter(terms).expression(condition))")
      if let model {
        var evaluator = Evaluator(terms, roots: [condition], lanes: 1)
        evaluator.set(model, lane: 0)
        evaluator.run()
        #expect(evaluator.word(condition, lane: 0) == 1)
        with += 1
      } else {
        without += 1
      }
    }
    #expect(with > 20 && without > 20)
  }

  /// Too many orders to try: what the values may be leaves few bits open.
  @Test func manyInputsAreConfinedToFewValues() throws {
    let terms = TermManager()
    let inputs = (0..<8).map { terms.variable("x\($0)", width: 16) }
    let greatest = inputs.dropFirst().reduce(inputs[0]) {
      terms.ifThenElse(terms.signedLess($0, $1), $1, $0)
    }
    let orders = try #require(
      OrderAbstraction(terms, isBad: terms.signedLess(greatest, inputs[3])))
    #expect(!orders.isShort)
    var evaluator = Evaluator(terms, roots: [orders.isRepresentative], lanes: 16)
    for (index, input) in inputs.enumerated() {
      // The eight least numbers in signed order, and others.
      evaluator.set(input, words: { UInt64(0x8000 + ($0 + index) % 8 + ($0 == 8 + index ? 8 : 0)) })
    }
    evaluator.run()
    for lane in 0..<16 {
      #expect(evaluator.word(orders.isRepresentative, lane: lane) == (lane < 8 ? 1 : 0))
    }
  }

  @Test func arithmeticOnInputsIsMoreThanOrder() {
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: 8), terms.variable("y", width: 8))
    let sum = terms.add(x, y)
    #expect(OrderAbstraction(terms, isBad: terms.unsignedLess(sum, x)) == nil)
    let wide = terms.equal(terms.concat(x, y), terms.constant(7, width: 16))
    #expect(OrderAbstraction(terms, isBad: wide) != nil)
    let part = terms.equal(terms.extract(x, 3, 0), terms.extract(y, 3, 0))
    #expect(OrderAbstraction(terms, isBad: part) == nil)
  }
}
