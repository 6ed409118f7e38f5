import BinVerify
import Contracts
import MachineModel
import Terms
import Testing
import Verification

/// What was proved of one candidate serves the next, and nothing else does.
@Suite struct ProvedShapesTests {
  /// A disjunction, which is x + y - (x & y): no rewriting says so.
  private static func specification(_ inner: String) -> String {
    """
    (set-logic QF_BV)
    (set-info :kernel "uint32_t f(uint32_t x, uint32_t y)")
    (declare-const x (_ BitVec 32))
    (declare-const y (_ BitVec 32))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool true)
    (define-fun ensures () Bool (= result (bvsub (bvadd x y) (\(inner) x y))))
    """
  }
  /// mov eax, edi; or eax, esi; ret: with instructions that do nothing between them.
  private static let codes: [[UInt8]] = [
    [0x89, 0xF8, 0x09, 0xF0, 0xC3], [0x89, 0xF8, 0x90, 0x09, 0xF0, 0xC3],
    [0x89, 0xF8, 0x31, 0xC9, 0x09, 0xF0, 0xC3],
  ]

  private func prove(
    _ code: [UInt8], _ text: String, _ shapes: ProvedShapes?
  ) throws -> VerificationReport {
    var options = VerificationOptions()
    // What rewriting proves is no claim that has to be remembered.
    options.stages = [.rewrite, .sat, .z3]
    return try BinVerify.prove(
      code: LoadedCode(code: Code(bytes: code), isa: "x86-64"),
      specification: try Contract.parse(text: text, file: "specification"), options: options,
      shapes: shapes)
  }

  private func isProved(_ code: [UInt8], _ text: String, _ shapes: ProvedShapes?) throws -> Bool {
    if case .proved = try prove(code, text, shapes).verdict { true } else { false }
  }

  @Test func aNeighbourNeedsNoSolver() throws {
    let shapes = ProvedShapes()
    let text = Self.specification("bvand")
    var queries: [Int] = []
    for code in Self.codes {
      let report = try prove(code, text, shapes)
      guard case .proved = report.verdict else {
        Issue.record("\(report.verdict)")
        return
      }
      queries.append(report.queries)
    }
    #expect(shapes.recalls > 0)
    #expect(queries[1] < queries[0] && queries[2] < queries[0], "\(queries)")
    // The same without.
    #expect(try prove(Self.codes[1], text, nil).queries == queries[0])
  }

  /// Another claim, of another code or another specification, is another shape.
  @Test func nothingElseIsProvedByIt() throws {
    let shapes = ProvedShapes()
    _ = try prove(Self.codes[0], Self.specification("bvand"), shapes)
    #expect(try !isProved(Self.codes[0], Self.specification("bvor"), shapes))
    var wrong = Self.codes[0]
    wrong[2] = 0x21
    #expect(try !isProved(wrong, Self.specification("bvand"), shapes))
    #expect(try isProved(wrong, Self.specification("bvor"), shapes))
  }

  /// A memory that is full forgets, and proofs go on.
  @Test func aFullMemoryForgets() throws {
    let shapes = ProvedShapes(words: 8)
    for code in Self.codes {
      #expect(try isProved(code, Self.specification("bvand"), shapes))
    }
  }

  /// A claim that is false, under assumptions that say nothing of it and cannot all be: what proves it there proves
  /// it nowhere else.
  ///
  /// - Parameter known: the stage that a ledger knows the first proof by.
  @Test(arguments: [nil, Stage.z3]) func whatAssumptionsProveIsNotRemembered(known: Stage?) {
    let (terms, shapes) = (TermManager(), ProvedShapes())
    let (x, y) = (terms.variable("x", width: 8), terms.variable("y", width: 8))
    let impossible = terms.equal(terms.multiply(x, x), terms.constant(2, width: 8))
    let claim = terms.unsignedLess(y, terms.constant(200, width: 8))
    func decide(_ assumptions: [Term], knownBy known: Stage? = nil) -> Decision {
      Prover(
        terms, assumptions: assumptions, solvers: .standard(), limits: VerificationOptions().limits,
        stages: [.z3], deadline: Deadline(seconds: 60), defaults: [:], shapes: shapes
      ).decide(claim, knownBy: known)
    }
    guard case .proved = decide([impossible], knownBy: known) else {
      Issue.record("assumptions that cannot be were not used")
      return
    }
    guard case .refuted = decide([]) else {
      Issue.record("a false claim was taken to be proved")
      return
    }
  }

  /// The same where a case split has one part that only impossible assumptions prove, and a later one that is proved
  /// without them.
  @Test func whatAssumptionsProveOfOnePartIsNotRemembered() {
    let (terms, shapes) = (TermManager(), ProvedShapes())
    let (x, y) = (terms.variable("x", width: 8), terms.variable("y", width: 8))
    func isNoSquare(_ name: String) -> Term {
      let root = terms.variable(name, width: 8)
      return terms.equal(terms.multiply(root, root), terms.constant(2, width: 8))
    }
    func isY(_ value: UInt64) -> Term { terms.equal(y, terms.constant(value, width: 8)) }
    let never = isNoSquare("z")
    let claim = terms.not(
      terms.or([isY(5), terms.and(isY(6), never), terms.and(isY(7), never)]))
    func decide(_ assumptions: [Term]) -> Decision {
      Prover(
        terms, assumptions: assumptions, solvers: .standard(), limits: VerificationOptions().limits,
        stages: [.split, .sat, .z3], deadline: Deadline(seconds: 60), defaults: [:], shapes: shapes
      ).decide(claim)
    }
    let impossible = terms.equal(terms.multiply(x, x), terms.constant(2, width: 8))
    guard case .proved = decide([impossible]) else {
      Issue.record("assumptions that cannot be were not used")
      return
    }
    guard case .refuted = decide([]) else {
      Issue.record("a false claim was taken to be proved")
      return
    }
  }
}
