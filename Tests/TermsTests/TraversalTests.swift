import Terms
import Testing

/// What a term consists of, in small arenas and in large ones, whatever was asked before.
@Suite struct TraversalTests {
  /// The terms that `root` consists of, by going to all operands.
  private func reached(_ root: Term, _ terms: TermManager) -> Set<Term> {
    var found: Set<Term> = []
    var open = [root]
    while let term = open.popLast() {
      if found.insert(term).inserted { open += terms.children(term) }
    }
    return found
  }

  @Test(arguments: [0, 100, 20_000])
  func findsWhatATermConsistsOf(others: Int) {
    let terms = TermManager()
    var roots: [Term] = []
    for number in 0..<40 {
      var generator = ExpressionGenerator(seed: UInt64(number), width: 16, multiplies: true)
      roots += generator.generate(depth: 4).build(in: terms).suffix(1)
      for other in 0..<others / 40 { _ = terms.variable("\(number).\(other)", width: 16) }
    }
    for root in roots {
      let expected = reached(root, terms).sorted { $0.position < $1.position }
      #expect(terms.support(of: [root]) == expected)
      #expect(terms.freeVariables(of: [root]) == expected.filter { terms.variable($0) != nil })
    }
    let late = terms.not(terms.variable("late", width: 16))
    #expect(terms.support(of: [late]) == terms.freeVariables(of: [late]) + [late])
    #expect(terms.support(of: roots).count == Set(roots.flatMap { reached($0, terms) }).count)
  }

  @Test func substitutesWhatWasNamedAndNothingElse() {
    let terms = TermManager()
    for number in 0..<60 {
      var generator = ExpressionGenerator(seed: UInt64(number), width: 8, multiplies: true)
      guard let root = generator.generate(depth: 4).build(in: terms).last else { continue }
      let variables = terms.freeVariables(of: [root]).filter { terms.sort($0) == .bitVector(8) }
      guard let first = variables.first else { continue }
      let fresh = terms.fresh("new", .bitVector(8), origin: .input)
      let unused = terms.fresh("unused", .bitVector(8), origin: .input)
      let there = terms.substitute([first: fresh, unused: first], in: [root, first])
      #expect(there[1] == fresh && !reached(there[0], terms).contains(first))
      var evaluator = Evaluator(terms, roots: [root, there[0]], lanes: 8)
      for (index, variable) in evaluator.variables.enumerated() {
        for lane in 0..<8 where terms.sort(variable) == .bitVector(8) {
          let value = BitVector(UInt64((index + 1) * (lane * 37 + 11)), width: 8)
          evaluator.set(variable, lane: lane, to: value)
        }
      }
      for lane in 0..<8 {
        let value = BitVector(UInt64(lane * 29 + 5), width: 8)
        evaluator.set(first, lane: lane, to: value)
        evaluator.set(fresh, lane: lane, to: value)
      }
      evaluator.run()
      for lane in 0..<8 {
        #expect(evaluator.value(root, lane: lane) == evaluator.value(there[0], lane: lane))
      }
    }
  }

  /// Choices that share what they choose between are joined once for each pair, not once for each way through.
  @Test func joinedChoicesShareTheirParts() {
    let terms = TermManager()
    func choose(_ name: String, _ one: Term, _ other: Term) -> Term {
      terms.ifThenElse(terms.variable(name, .bool), one, other)
    }
    var sides = ["h", "l"].map { terms.variable($0, width: 8) }
    for level in 0..<60 {
      sides = zip(sides, ["x", "y"]).map { side, other in
        let other = terms.variable("\(other)\(level)", width: 8)
        return choose(
          "c\(level)", choose("d\(level)", side, other), choose("e\(level)", other, side))
      }
    }
    let joined = terms.concat(sides[0], sides[1])
    #expect(terms.support(of: [joined]).count < 20 * 60)
  }
}
