import BitBlasting
import CaDiCaLBackend
import Terms
import Testing
import Z3Backend

/// Circuits have the values of the terms they stand for.
@Suite struct BitBlastingTests {
  /// The values of a circuit's nodes for one assignment of its inputs.
  private struct Simulation {
    var values: [Bool]

    init(_ blaster: BitBlaster, _ assignment: [Term: BitVector]) {
      let graph = blaster.graph
      values = [Bool](repeating: false, count: graph.nodeCount)
      for (variable, bits) in blaster.inputs {
        for (index, bit) in bits.enumerated() {
          values[bit.node] = assignment[variable]?.bit(index) ?? false
        }
      }
      for node in 1..<graph.nodeCount {
        guard let (left, right) = graph.operands(of: node) else { continue }
        values[node] = self[left] && self[right]
      }
    }

    subscript(literal: AndInverterGraph.Literal) -> Bool {
      values[literal.node] != literal.isComplement
    }
  }

  /// Products and quotients by all constants, of all numbers.
  @Test func constantsAreFactorsAndDivisors() throws {
    let terms = TermManager()
    let width = 6
    let x = terms.variable("x", width: width)
    for constant in 1..<1 << width {
      let right = terms.constant(UInt64(constant), width: width)
      let roots = [terms.multiply(right, x), terms.unsignedDivide(x, right)]
      var blaster = BitBlaster(terms)
      let circuits = try roots.map { try blaster.blast($0) }
      for number in 0..<1 << width {
        let simulation = Simulation(blaster, [x: BitVector(UInt64(number), width: width)])
        for (circuit, expected) in zip(circuits, [constant * number, number / constant]) {
          let isSame = circuit.enumerated().allSatisfy {
            simulation[$1] == (expected >> $0 & 1 == 1)
          }
          #expect(isSame, "\(constant) and \(number)")
        }
      }
    }
  }

  /// A product with a long run of ones is a subtraction, and a quotient is smaller than by long division.
  @Test func constantsMakeSmallCircuits() throws {
    let terms = TermManager()
    let x = terms.variable("x", width: 64)
    func size(_ root: Term) throws -> Int {
      var blaster = BitBlaster(terms)
      _ = try blaster.blast(root)
      return blaster.graph.nodeCount
    }
    let minusTwo = terms.constant(signed: -2, width: 64)
    #expect(try size(terms.add(terms.multiply(minusTwo, x), minusTwo)) < 2_000)
    let tenth = terms.unsignedDivide(x, terms.constant(10, width: 64))
    let long = terms.unsignedDivide(x, terms.variable("y", width: 64))
    #expect(try 2 * size(tenth) < size(long))
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13, 24, 32, 64, 65, 128])
  func circuitsHaveTheValuesOfTerms(width: Int) throws {
    var nodes = 0
    for number in 0..<120 {
      var generator = ExpressionGenerator(
        seed: UInt64(number * 31 + width), width: width, multiplies: width <= 32)
      let terms = TermManager()
      guard let root = generator.generate(depth: 4).build(in: terms).last else { continue }
      var random = SplitMix64(seed: UInt64(number))
      var blaster = BitBlaster(terms)
      let bits = try blaster.blast(root)
      nodes += blaster.graph.nodeCount
      var evaluator = Evaluator(terms, roots: [root], lanes: 1)
      for _ in 0..<8 {
        var assignment: [Term: BitVector] = [:]
        for variable in evaluator.variables {
          let value = random.bits(terms.width(variable))
          assignment[variable] = value
          evaluator.set(variable, lane: 0, to: value)
        }
        evaluator.run()
        let simulation = Simulation(blaster, assignment)
        let expected = evaluator.value(root, lane: 0)
        let isSame = bits.enumerated().allSatisfy { simulation[$1] == expected.bit($0) }
        #expect(isSame, "\(SMTLIBWriter(terms).expression(root))")
      }
    }
    #expect(nodes > 120)
  }

  /// An element of an array that is given is taken for any number: what is proved of that holds, a model is none.
  @Test func elementsAreAnyNumbers() throws {
    let terms = TermManager()
    let memory = terms.variable("m", .array(index: 8, element: 8))
    let (i, j) = (terms.variable("i", width: 8), terms.variable("j", width: 8))
    let (first, second) = (terms.select(memory, i), terms.select(memory, j))
    let cadical = CaDiCaL()
    func answer(_ assertions: Term...) -> SolverAnswer {
      cadical.check(assertions, in: terms, limits: SolverLimits())
    }
    guard
      case .unsatisfiable = answer(terms.unsignedLess(first, second), terms.equal(second, first)),
      case .unknown = answer(terms.equal(i, j), terms.unsignedLess(first, second)),
      case .unknown = answer(terms.unsignedLess(first, second)),
      case .satisfiable = answer(terms.unsignedLess(i, j))
    else {
      Issue.record("not what is known of elements")
      return
    }
    var blaster = BitBlaster(terms)
    #expect(try blaster.blast(first).count == 8 && blaster.elements == [first])
  }

  @Test func arraysAndLargeCircuitsAreRefused() {
    let terms = TermManager()
    let memory = terms.variable("m", .array(index: 8, element: 8))
    let address = terms.variable("i", width: 8)
    let other = terms.variable("n", .array(index: 8, element: 8))
    let stored = terms.store(memory, address, terms.constant(0, width: 8))
    for comparison in [terms.equal(memory, other), terms.equal(stored, other)] {
      var blaster = BitBlaster(terms)
      #expect(throws: BitBlaster.Failure.array) { try blaster.blast(comparison) }
    }
    var small = BitBlaster(terms, nodeLimit: 100)
    let wide = terms.variable("x", width: 32)
    #expect(throws: BitBlaster.Failure.tooLarge) {
      try small.blast(terms.multiply(wide, wide))
    }
  }
}

extension Z3Tests {
  /// CaDiCaL on our circuits and Z3 on the terms agree.
  @Suite struct SecondSolverTests {
    @Test(arguments: [1, 3, 8, 16, 33])
    func agreesWithZ3(width: Int) {
      let (z3, cadical) = (Z3(isolated: false), CaDiCaL())
      var (satisfiable, unsatisfiable) = (0, 0)
      for number in 0..<60 {
        var generator = ExpressionGenerator(
          seed: UInt64(number * 77 + width), width: width, multiplies: width < 9)
        let terms = TermManager()
        guard let root = generator.generate(depth: 4).build(in: terms).last else { continue }
        var random = SplitMix64(seed: UInt64(number))
        let isBool = terms.isBool(root)
        let goal =
          isBool ? root : terms.equal(root, terms.constant(random.bits(terms.width(root))))
        let limits = SolverLimits(seconds: 2)
        switch (
          cadical.check([goal], in: terms, limits: limits),
          z3.check([goal], in: terms, limits: limits)
        ) {
        case (.satisfiable(let model), .satisfiable):
          satisfiable += 1
          var evaluator = Evaluator(terms, roots: [goal], lanes: 1)
          evaluator.set(model, lane: 0)
          evaluator.run()
          #expect(evaluator.word(goal, lane: 0) == 1, "not a model")
        case (.unsatisfiable, .unsatisfiable): unsatisfiable += 1
        case (.unknown, _), (_, .unknown): break
        case (let mine, let other):
          Issue.record("\(mine), Z3 \(other): \(SMTLIBWriter(terms).expression(goal))")
        }
      }
      #expect(satisfiable > 5 && unsatisfiable > 5)
    }

    /// Queries that share a solver: what it takes out of its clauses for one and back in for another is in no trace.
    @Test func followsProofsOfQueriesThatShareASolver() {
      let (terms, cadical) = (TermManager(), CaDiCaL(conflicts: 100_000))
      for count in 7...8 {
        let words = (0..<count).map { terms.variable("p\($0)", width: 16) }
        func greater(_ a: Term, _ b: Term) -> Term {
          terms.ifThenElse(terms.signedLess(a, b), b, a)
        }
        let chain = words.reduce(words[0], greater)
        let back = words.reversed().reduce(words[count - 1], greater)
        let claims =
          words.map { terms.not(terms.signedLess(chain, $0)) } + [terms.equal(chain, back)]
        for claim in claims {
          let answer = cadical.check([terms.not(claim)], in: terms, limits: SolverLimits())
          guard case .unsatisfiable = answer else {
            Issue.record("\(answer) of the greatest of \(count)")
            continue
          }
        }
      }
    }

    @Test func keepsItsLimits() {
      let terms = TermManager()
      let (a, b) = (terms.variable("a", width: 64), terms.variable("b", width: 64))
      let product = terms.multiply(terms.zeroExtend(a, to: 128), terms.zeroExtend(b, to: 128))
      let prime = BitVector(0x7FFF_FFFF_FFFF_FFE7, width: 128)
        .multiplying(BitVector(0x7FFF_FFFF_FFFF_FF5B, width: 128))
      let one = terms.constant(1, width: 64)
      let query = [
        terms.equal(product, terms.constant(prime)), terms.unsignedLess(one, a),
        terms.unsignedLess(one, b),
      ]
      guard
        case .unknown = CaDiCaL(conflicts: 500).check(query, in: terms, limits: SolverLimits()),
        case .unknown = CaDiCaL(conflicts: .max).check(
          query, in: terms, limits: SolverLimits(seconds: 0.2))
      else {
        Issue.record("factored a product of two primes of 63 bits")
        return
      }
    }
  }
}
