import Contracts
import Terms
import Testing

@Suite struct ContractErrorTests {
  /// A specification that parses once `body` is right; `body` starts in line 3.
  private static func specification(_ body: String) -> String {
    """
    (set-logic QF_ABV)
    (set-info :kernel "int32_t f(int32_t x, int32_t p[3], const uint8_t q[x])")

    """ + body
  }

  private static let number = "expected a number from 1 to 50000 after :instructions"
  private static let ensures = "(define-fun ensures () Bool true)"

  static let bodies = [
    Expectation("", "3:1: expected (define-fun ensures () Bool …)"),
    Expectation(
      "(define-fun ensures () Bool true",
      "3:33: expected ')' for the '(' at 3:1, found "
        + "the end of the file"),
    Expectation(")", "3:1: expected a command, found ')'"),
    Expectation("x", "3:1: expected a command, found x"),
    // Composed and not: two symbols to a solver, one text to Swift.
    Expectation(
      "(define-fun |\u{E9}| () Bool true)",
      "3:14: expected symbols of ASCII characters, found '\u{E9}'"),
    Expectation("()", "3:1: expected a command, found (…)"),
    Expectation(
      "(assert true)",
      "3:2: 'assert' is not a command of specifications; expected "
        + "set-logic, set-info, declare-const, declare-fun, define-const, define-fun or define-sort"
    ),
    Expectation("(set-logic QF_BV)", "3:1: the logic is set twice"),
    Expectation(
      "(set-info :kernel \"int g(int x)\")",
      "3:11: a second interface; the first, :kernel, is at 2:11"),
    Expectation(
      "(set-info :kernle \"int g(int x)\")",
      "3:11: unknown attribute :kernle; expected :kernel, :fragment or :instructions"),
    Expectation("(set-info :instructions)", "3:11: \(number)"),
    Expectation("(set-info :instructions 0)", "3:25: \(number)"),
    Expectation("(set-info :instructions 50001)", "3:25: \(number)"),
    Expectation("(set-info :instructions 99999999999999999999)", "3:25: \(number)"),
    Expectation("(set-info :instructions -1)", "3:25: \(number)"),
    Expectation("(set-info :instructions #x10)", "3:25: \(number)"),
    Expectation("(set-info :instructions (1))", "3:25: \(number)"),
    Expectation("(set-info :instructions \"9\")", "3:26: \(number)"),
    Expectation(
      "(set-info :instructions 9)\n(set-info :instructions 9)",
      "4:11: a second number of instructions; the first is at 3:11"),
    Expectation(
      "(declare-const x (_ BitVec 64))",
      "3:18: 'x': expected (_ BitVec 32), found (_ BitVec 64)"),
    Expectation(
      "(declare-const p (Array (_ BitVec 32) (_ BitVec 32)))",
      "3:18: 'p': expected (Array (_ BitVec 64) (_ BitVec 32)), found (Array (_ BitVec 32) "
        + "(_ BitVec 32))"),
    Expectation(
      "(declare-const y (_ BitVec 32))",
      "3:16: nothing binds 'y'; expected 'x', 'p', "
        + "'p.out', 'p.addr', 'q', 'q.addr', 'result'"),
    Expectation(
      "(declare-const q.out (Array (_ BitVec 64) (_ BitVec 8)))",
      "3:16: 'q' is const, so it has no contents at the return; expected 'q'"),
    Expectation(
      "(declare-const x.out (_ BitVec 32))",
      "3:16: 'x' is no buffer, so it has no contents at the return"),
    Expectation(
      "(declare-const x Int)",
      "3:18: expected Bool, (_ BitVec WIDTH), (Array (_ BitVec "
        + "64) (_ BitVec WIDTH)) or a defined sort, found Int"),
    Expectation("(declare-const x (_ BitVec 0))", "3:28: a bit-vector has at least 1 bit"),
    Expectation(
      "(declare-const x (_ BitVec 5000))",
      "3:28: bit-vectors of at most 1024 bits are read"),
    Expectation(
      "(declare-const x (_ BitVec 99999999999999999999))",
      "3:28: the numeral 99999999999999999999 is too large"),
    Expectation(
      "(declare-fun x ((_ BitVec 8)) Bool)",
      "3:17: 'x' takes arguments: functions "
        + "without a definition are not part of specifications; expected ()"),
    Expectation(
      "(declare-const x (_ BitVec 32))(declare-const x (_ BitVec 32))",
      "3:47: 'x' is already defined"),
    Expectation(
      "(define-fun result () (_ BitVec 32) #x00000000)",
      "3:13: 'result' is a name of the interface: expected (declare-const result (_ BitVec 32)), "
        + "not a definition"),
    Expectation(
      "(define-const x Bool true)",
      "3:15: 'x' is a name of the interface: expected (declare-const x (_ BitVec 32)), "
        + "not a definition"),
    Expectation("(define-fun bvadd () Bool true)", "3:13: 'bvadd' is a function of the logic"),
    Expectation(
      "(define-fun let () Bool true)",
      "3:13: expected a name, found the reserved word 'let'"),
    Expectation(
      "(define-fun f ((a Bool) (a Bool)) Bool true)",
      "3:26: two parameters are called 'a'"),
    Expectation(
      "(define-fun f () Bool #x00)",
      "3:23: the body of 'f': expected Bool, found (_ BitVec 8)"),
    Expectation("(define-fun f () Bool y)", "3:23: nothing is called y"),
    Expectation("(define-fun f () Bool (g true))", "3:24: nothing is called g"),
    Expectation("(define-fun f () Bool (f))", "3:24: nothing is called f"),
    Expectation("(define-fun f () Bool (true))", "3:24: 'true' takes no arguments"),
    Expectation(
      "(define-fun f ((a Bool)) Bool a)(define-fun g () Bool f)",
      "3:55: 'f' takes 1 arguments, found none"),
    Expectation(
      "(define-fun f ((a Bool)) Bool a)(define-fun g () Bool (f #b1))",
      "3:58: argument 1 of 'f': expected Bool, found (_ BitVec 1)"),
    Expectation(
      "(define-fun f () Bool (and true))",
      "3:23: 'and' takes at least 2 arguments, found 1"),
    Expectation(
      "(define-fun f () Bool (not true true))",
      "3:23: 'not' takes 1 argument, found 2"),
    Expectation(
      "(define-fun f () Bool (= #x00 #x0000))",
      "3:31: argument 2 of '=': expected (_ BitVec 8), found (_ BitVec 16)"),
    Expectation(
      "(define-fun f () Bool (bvult #x00 true))",
      "3:35: argument 2 of 'bvult': expected (_ BitVec 8), found Bool"),
    Expectation(
      "(define-fun f () Bool (= ((_ extract 8 0) #x00) #b0))",
      "3:43: argument 1 of 'extract': expected a bit-vector with a bit 8, found (_ BitVec 8)"),
    Expectation(
      "(define-fun f () Bool (= ((_ extract 1 2) #x00) #b0))",
      "3:26: extract's first index 1 is below its second 2"),
    Expectation(
      "(define-fun f () Bool (= (extract #x00) #b0))",
      "3:27: 'extract' is indexed: expected (_ extract NUMERAL NUMERAL)"),
    Expectation(
      "(define-fun f () Bool (= ((_ repeat 5000) #b1) #b0))",
      "3:26: the result has more than 1024 bits"),
    Expectation("(define-fun f () Bool (= (_ bv256 8) #x00))", "3:29: 256 does not fit 8 bits"),
    Expectation(
      "(define-fun f () Bool (= 1 2))",
      "3:26: expected a term, found a numeral "
        + "(bit-vectors are written #x…, #b… or (_ bvN WIDTH))"),
    Expectation(
      "(define-fun f () Bool (forall ((a Bool)) a))",
      "3:24: quantifiers are not part of specifications"),
    Expectation(
      "(define-fun f () Bool (! true :named t))",
      "3:24: annotations are not part of specifications"),
    Expectation(
      "(define-fun f () Bool (let ((a true) (a true)) a))",
      "3:39: 'a' is bound twice by one let"),
    Expectation("(define-fun f () Bool (let ((a true)) b))", "3:39: nothing is called b"),
    Expectation(
      "(define-fun f () Bool (= #xg #x0))",
      "3:26: expected hexadecimal digits after #x, found '#xg'"),
    Expectation(
      "(define-fun f () Bool |a",
      "3:25: expected '|' for the symbol at 3:23, found the "
        + "end of the file"),
    Expectation(
      "(define-fun f () Bool \"a",
      "3:25: expected '\"' for the string at 3:23, found "
        + "the end of the file"),
    Expectation(
      "(define-fun f () Bool 012)",
      "3:23: expected a number without leading zeros, found '012'"),
    Expectation("; é\u{0}\n(define-fun é () Bool true)", "4:13: unexpected character 'é'"),
    Expectation(
      "(declare-const result (_ BitVec 32))\n(define-fun requires () Bool (= result "
        + "#x00000000))\n\(ensures)",
      "4:33: 'result' is not known at entry, so requires cannot "
        + "depend on it"),
    Expectation(
      "(define-fun ensures () (_ BitVec 1) #b1)",
      "3:13: expected (define-fun ensures () "
        + "Bool …): no parameters, and of sort Bool"),
    Expectation(
      "(define-fun requires ((a Bool)) Bool a) \(ensures)",
      "3:13: expected (define-fun "
        + "requires () Bool …): no parameters, and of sort Bool"),
  ]

  @Test(arguments: bodies) func refuses(_ expectation: Expectation) {
    let error = #expect(throws: SpecificationError.self) {
      try Contract.parse(text: Self.specification(expectation.input), file: "s.smt")
    }
    #expect(error?.description == "s.smt:" + expectation.output)
  }

  static let wholes = [
    Expectation("", "1:1: expected (set-logic QF_BV) or another logic"),
    Expectation(
      "(set-logic QF_LIA)",
      "1:12: expected one of QF_BV, QF_ABV, QF_UFBV, QF_AUFBV, "
        + "ALL, found QF_LIA"),
    Expectation(
      "(declare-const x Bool)",
      "1:16: expected (set-logic …) before the first declaration"),
    Expectation(
      "(set-logic QF_BV)",
      "1:18: expected (set-info :kernel \"PROTOTYPE\") or (set-info "
        + ":fragment \"in: …; out: …\")"),
    Expectation(
      "(set-logic QF_BV)(set-info :kernel f)",
      "1:36: expected a string after :kernel"),
    Expectation(
      "(set-logic QF_BV)\n  (set-info :kernel \"int f(int x,\n  word y)\")",
      "3:3: 'word' is not a known type; expected int8_t to uint64_t, size_t, bool, char, short, "
        + "int, long, unsigned __int128, float, double, __m128i, uint8x16_t or the like"),
    Expectation(
      "(set-logic QF_BV)(set-info :kernel \"void f(int p[1])\")(declare-const p (Array "
        + "(_ BitVec 64) (_ BitVec 32)))",
      "1:72: arrays are not part of QF_BV; expected (set-logic QF_ABV)"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"x=eax\")",
      "1:37: expected in:, out:, clobbers: or memory:, found 'x'"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: x\")",
      "1:42: expected '=' and a register after 'x', found the end of the declaration"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: x=eax; in: y=ecx\")",
      "1:48: 'in:' stands twice"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: x=eax\")",
      "1:43: expected (declare-const x (_ BitVec WIDTH)) for the width of eax"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"memory: p[3] int\")",
      "1:45: no register has the address of 'p'; expected 'in: p=REGISTER'"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: p=rsi; memory: p[100] int, p[1] const int\")",
      "1:68: 'p' is given twice"),
    // A comment ends where a line does, at a carriage return too.
    Expectation(
      "(set-logic ALL) ; one line\r(assert true)",
      "1:29: 'assert' is not a command of specifications; expected set-logic, set-info, "
        + "declare-const, declare-fun, define-const, define-fun or define-sort"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: p=rsi; memory: p\")",
      "1:56: 'p' is not a known type; expected int8_t to uint64_t, size_t, bool, char, short, "
        + "int, long, unsigned __int128, float, double, __m128i, uint8x16_t or the like"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: x=eax; out: x=eax\")(declare-const x "
        + "(_ BitVec 32))",
      "1:55: 'x' is already bound; an output needs a name of its own"),
    Expectation(
      "(set-logic ALL)(set-info :fragment \"in: x=eax\")(declare-const x Bool)",
      "1:65: 'x' is in a register: expected (_ BitVec WIDTH), found Bool"),
  ]

  @Test(arguments: wholes) func refusesWhole(_ expectation: Expectation) {
    let error = #expect(throws: SpecificationError.self) {
      try Contract.parse(text: expectation.input, file: "s.smt")
    }
    #expect(error?.description == "s.smt:" + expectation.output)
  }

  @Test func deepNestingIsAnError() {
    let deep =
      String(repeating: "(not ", count: 2_000) + "true" + String(repeating: ")", count: 2_000)
    let error = #expect(throws: SpecificationError.self) {
      try Contract.parse(
        text: "(set-logic ALL)(define-fun f () Bool \(deep))", file: "s.smt")
    }
    #expect(
      error?.description == "s.smt:1:5033: parentheses are nested deeper than 1000")
  }

  @Test func longTextIsAnError() {
    let text = String(repeating: "; long\n", count: 1 << 20)
    let error = #expect(throws: SpecificationError.self) {
      try Contract.parse(text: text, file: "s.smt")
    }
    #expect(error?.description == "s.smt:1:1: the file has 7340032 bytes; at most 4194304 are read")
  }
}
