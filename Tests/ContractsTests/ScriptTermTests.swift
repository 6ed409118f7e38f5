import Contracts
import Terms
import Testing

/// A binary operator of SMT-LIB and its meaning on four-bit numbers, written down once more.
struct BinaryCase: Sendable, CustomTestStringConvertible {
  let name: String
  let meaning: @Sendable (Int, Int) -> Int

  var testDescription: String { name }

  static func signed(_ value: Int) -> Int { value >= 8 ? value - 16 : value }

  static let all: [BinaryCase] = [
    BinaryCase(name: "bvand") { $0 & $1 }, BinaryCase(name: "bvor") { $0 | $1 },
    BinaryCase(name: "bvxor") { $0 ^ $1 }, BinaryCase(name: "bvnand") { ~($0 & $1) },
    BinaryCase(name: "bvnor") { ~($0 | $1) }, BinaryCase(name: "bvxnor") { ~($0 ^ $1) },
    BinaryCase(name: "bvadd") { $0 + $1 }, BinaryCase(name: "bvsub") { $0 - $1 },
    BinaryCase(name: "bvmul") { $0 * $1 },
    BinaryCase(name: "bvudiv") { $1 == 0 ? 15 : $0 / $1 },
    BinaryCase(name: "bvurem") { $1 == 0 ? $0 : $0 % $1 },
    BinaryCase(name: "bvsdiv") {
      $1 == 0 ? (signed($0) < 0 ? 1 : -1) : signed($0) / signed($1)
    },
    BinaryCase(name: "bvsrem") { $1 == 0 ? $0 : signed($0) % signed($1) },
    BinaryCase(name: "bvsmod") { left, right in
      let (a, b) = (signed(left), signed(right))
      if b == 0 { return a }
      let remainder = a % b
      return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
    },
    BinaryCase(name: "bvshl") { $1 > 3 ? 0 : $0 << $1 },
    BinaryCase(name: "bvlshr") { $1 > 3 ? 0 : $0 >> $1 },
    BinaryCase(name: "bvashr") { signed($0) >> min($1, 3) },
    BinaryCase(name: "bvult") { $0 < $1 ? 1 : 0 }, BinaryCase(name: "bvule") { $0 <= $1 ? 1 : 0 },
    BinaryCase(name: "bvugt") { $0 > $1 ? 1 : 0 }, BinaryCase(name: "bvuge") { $0 >= $1 ? 1 : 0 },
    BinaryCase(name: "bvslt") { signed($0) < signed($1) ? 1 : 0 },
    BinaryCase(name: "bvsle") { signed($0) <= signed($1) ? 1 : 0 },
    BinaryCase(name: "bvsgt") { signed($0) > signed($1) ? 1 : 0 },
    BinaryCase(name: "bvsge") { signed($0) >= signed($1) ? 1 : 0 },
    BinaryCase(name: "bvcomp") { $0 == $1 ? 1 : 0 },
    BinaryCase(name: "concat") { $0 << 4 | $1 },
    BinaryCase(name: "=") { $0 == $1 ? 1 : 0 }, BinaryCase(name: "distinct") { $0 != $1 ? 1 : 0 },
  ]

  var sort: String {
    if name == "bvcomp" { return "(_ BitVec 1)" }
    if name == "concat" { return "(_ BitVec 8)" }
    let isBool =
      name == "=" || name == "distinct"
      || name.hasPrefix("bvs") && name.count == 5
        && name.last.map { "tle".contains($0) } == true && !name.hasPrefix("bvsh")
      || ["bvult", "bvule", "bvugt", "bvuge"].contains(name)
    return isBool ? "Bool" : "(_ BitVec 4)"
  }
}

@Suite struct ScriptTermTests {
  /// `f` of a script that has `declarations` before it.
  private func term(
    _ body: String, _ sort: String, _ declarations: String = "",
    _ environment: [String: Term] = [:], in terms: TermManager
  ) throws -> Term {
    let script = try Script.parse(
      "(set-logic ALL) \(declarations) (define-fun f () \(sort) \(body))", file: "f")
    return try script.term("f", environment: environment, in: terms)
  }

  @Test(arguments: BinaryCase.all) func isExactOnFourBits(_ binary: BinaryCase) throws {
    let terms = TermManager()
    let x = terms.variable("x", width: 4)
    let y = terms.variable("y", width: 4)
    let result = try term(
      "(\(binary.name) x y)", binary.sort,
      "(declare-const x (_ BitVec 4)) (declare-fun y () (_ BitVec 4))", ["x": x, "y": y],
      in: terms)
    var evaluator = Evaluator(terms, roots: [result], lanes: 256)
    for lane in 0..<256 {
      evaluator.set(x, lane: lane, to: BitVector(UInt64(lane / 16), width: 4))
      evaluator.set(y, lane: lane, to: BitVector(UInt64(lane % 16), width: 4))
    }
    evaluator.run()
    for lane in 0..<256 {
      let expected = BitVector(
        signed: Int64(binary.meaning(lane / 16, lane % 16)), width: terms.width(result))
      #expect(evaluator.value(result, lane: lane) == expected, "\(lane / 16) \(lane % 16)")
    }
  }

  static let constants = [
    Expectation("#xA5", "#xa5"), Expectation("#b101", "#b101"),
    Expectation("(_ bv10 8)", "#x0a"),
    Expectation(
      "(_ bv340282366920938463463374607431768211455 128)",
      "#xffffffffffffffffffffffffffffffff"),
    Expectation("(bvnot #x0)", "#xf"), Expectation("(bvneg #x1)", "#xf"),
    Expectation("(bvadd #x1 #x2 #x3 #x4)", "#xa"), Expectation("(bvmul #x3 #x3 #x3)", "#xb"),
    Expectation("(concat #x1 #x2 #b1)", "#b000100101"),
    Expectation("((_ extract 6 2) #xa5)", "#b01001"),
    Expectation("((_ repeat 3) #b10)", "#b101010"),
    Expectation("((_ zero_extend 4) #xf)", "#x0f"), Expectation("((_ zero_extend 0) #xf)", "#xf"),
    Expectation("((_ sign_extend 4) #x8)", "#xf8"),
    Expectation("((_ rotate_left 1) #x9)", "#x3"), Expectation("((_ rotate_left 4) #x9)", "#x9"),
    Expectation("((_ rotate_right 1) #x9)", "#xc"), Expectation("((_ rotate_right 9) #x9)", "#xc"),
    Expectation("(ite (and true true false) #x1 #x2)", "#x2"),
    Expectation("(ite (or false false true) #x1 #x2)", "#x1"),
    Expectation("(ite (xor true true true) #x1 #x2)", "#x1"),
    Expectation("(ite (=> true false true) #x1 #x2)", "#x1"),
    Expectation("(ite (=> true true false) #x1 #x2)", "#x2"),
    Expectation("(ite (=> false false false) #x1 #x2)", "#x1"),
    Expectation("(ite (= #x1 #x1 #x2) #x1 #x2)", "#x2"),
    Expectation("(ite (distinct #x1 #x2 #x1) #x1 #x2)", "#x2"),
    Expectation("(ite (distinct #x1 #x2 #x3) #x1 #x2)", "#x1"),
    Expectation("(let ((a #x1)) (let ((a #x2) (b a)) (bvadd a b)))", "#x3"),
    Expectation("(let ((|let| #x1) (|a b| #x2)) (bvadd |let| |a b|))", "#x3"),
    Expectation(
      "(select (store ((as const (Array (_ BitVec 2) (_ BitVec 4))) #x7) #b01 #x5) #b01)",
      "#x5"),
    Expectation(
      "(select (store ((as const (Array (_ BitVec 2) (_ BitVec 4))) #x7) #b01 #x5) #b10)",
      "#x7"),
  ]

  @Test(arguments: constants) func evaluates(_ expectation: Expectation) throws {
    let terms = TermManager()
    let digits = expectation.output.dropFirst(2).count
    let width = expectation.output.hasPrefix("#x") ? 4 * digits : digits
    let result = try term(expectation.input, "(_ BitVec \(width))", in: terms)
    #expect(terms.value(result)?.smtlib == expectation.output)
  }

  @Test func definitionsAreInlinedByValue() throws {
    let text = """
      (set-logic QF_BV)
      (define-sort Word () (_ BitVec 32))
      (declare-const x Word)
      (define-const one Word #x00000001)
      (define-fun twice ((x Word) (y Word)) Word (bvadd x y y))
      (define-fun f () Word (twice (bvadd x one) x))
      """
    let script = try Script.parse(text, file: "f")
    let terms = TermManager()
    let x = terms.variable("v", width: 32)
    let result = try script.term("f", environment: ["x": x], in: terms)
    let three = terms.multiply(terms.constant(3, width: 32), x)
    #expect(result == terms.add(three, terms.constant(1, width: 32)))
  }

  @Test func callsAreSharedSoThatChainsDoNotExplode() throws {
    var text = "(set-logic QF_BV)(declare-const x (_ BitVec 8))"
    text += "(define-fun f0 ((v (_ BitVec 8))) (_ BitVec 8) (bvlshr v #x01))"
    for index in 1...400 {
      text += "(define-fun f\(index) ((v (_ BitVec 8))) (_ BitVec 8)"
      text += " (bvxor (f\(index - 1) v) (bvlshr (f\(index - 1) v) v)))"
    }
    text += "(define-fun f () (_ BitVec 8) (f400 x))"
    let script = try Script.parse(text, file: "f")
    let terms = TermManager()
    _ = try script.term(
      "f", environment: ["x": terms.variable("x", width: 8)], in: terms)
    #expect(terms.count < 10_000)
  }

  @Test func expansionHasALimit() throws {
    var text = "(set-logic QF_BV)"
    text += "(define-fun f0 ((v (_ BitVec 64))) (_ BitVec 64) v)"
    for index in 1...64 {
      text += "(define-fun f\(index) ((v (_ BitVec 64))) (_ BitVec 64)"
      text += " (bvadd (f\(index - 1) (bvadd v #x0000000000000001))"
      text += " (f\(index - 1) (bvmul v #x0000000000000003))))"
    }
    text += "(define-fun f () (_ BitVec 64) (f64 #x0000000000000001))"
    let script = try Script.parse(text, file: "f")
    let error = #expect(throws: SpecificationError.self) {
      try script.term("f", environment: [:], in: TermManager())
    }
    #expect(error?.kind == .limit)
  }
}
