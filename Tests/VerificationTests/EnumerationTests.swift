import BinVerify
import Contracts
import Terms
import Testing
import Verification

/// Trying all inputs leaves none out.
@Suite struct EnumerationTests {
  /// Conditions that hold for one value of the bits they depend on, wherever these lie: in one variable or
  /// two, next to one another or apart, within a word or across words, fewer than there are lanes or more.
  @Test(arguments: [
    [(8, [0..<3])], [(12, [0..<12])], [(16, [1..<4, 9..<16])], [(100, [60..<70])],
    [(130, [0..<2, 63..<66, 127..<130])], [(8, [2..<8]), (64, [0..<1, 55..<64])],
    [(1, [0..<1]), (40, [30..<40]), (7, [3..<7])],
  ])
  func findsTheOnlyOne(_ shape: [(width: Int, fields: [Range<Int>])]) throws {
    var random = SplitMix64(seed: UInt64(shape[0].width))
    for _ in 0..<40 {
      let terms = TermManager()
      var isThere = terms.true
      for (index, (width, fields)) in shape.enumerated() {
        let variable = terms.variable("x\(index)", width: width)
        for field in fields {
          let part = terms.extract(variable, field.upperBound - 1, field.lowerBound)
          let value = random.next() >> UInt64(64 - field.count)
          isThere = terms.and(
            isThere, terms.equal(part, terms.constant(value, width: field.count)))
        }
      }
      guard case .found(let model) = try answer(isThere, terms) else {
        Issue.record("\(SMTLIBWriter(terms).expression(isThere)) has no solution")
        continue
      }
      var evaluator = Evaluator(terms, roots: [isThere], lanes: 1)
      evaluator.set(model, lane: 0)
      evaluator.run()
      #expect(evaluator.word(isThere, lane: 0) == 1)
    }
  }

  /// `x * x` has no remainder of 2 by 4, and odd squares none but 1 by 8.
  @Test func findsNone() throws {
    let terms = TermManager()
    let x = terms.variable("x", width: 20)
    let square = terms.multiply(x, x)
    let two = terms.equal(terms.extract(square, 1, 0), terms.constant(2, width: 2))
    guard case .none = try answer(two, terms) else {
      Issue.record("a square that is 2 modulo 4")
      return
    }
    let odd = terms.and(
      terms.bit(square, 0),
      terms.distinct(terms.extract(square, 2, 0), terms.constant(1, width: 3)))
    guard case .none = try answer(odd, terms) else {
      Issue.record("an odd square that is not 1 modulo 8")
      return
    }
  }

  private func answer(_ isBad: Term, _ terms: TermManager) throws -> Enumeration.Answer {
    try #require(Enumeration(terms, isBad: isBad)).run(until: Deadline(seconds: 60))
  }

  /// Where a proof is only to be found again, a claim that is not on record is not tried on all inputs for long.
  @Test(arguments: [Double.infinity, 0.01]) func patienceOfALedger(seconds: Double) throws {
    let kernel = Kernel(
      "square", .x86, "uint32_t f(uint32_t x)", "imul edi, edi; mov eax, edi; ret")
    let claim = Kernel.Claim(
      requires: "(bvult x #x01000000)", ensures: "(distinct result #x00010001)", expected: .proved)
    var options = VerificationOptions()
    options.stages = [.rewrite, .evaluate, .enumerate]
    let verdict = try Verifier(
      code: kernel.code(),
      contract: Contract.parse(text: kernel.specification(claim), file: "square.smt"),
      architecture: ISA.x86.architecture, solvers: .standard(), options: options,
      ledger: EmptyLedger(patience: seconds)
    ).verify().verdict
    switch verdict {
    case .proved: #expect(seconds == .infinity)
    case .inconclusive: #expect(seconds < 1)
    case .refuted: Issue.record("refuted")
    }
  }

  /// Knows nothing and keeps nothing.
  private final class EmptyLedger: ProofLedger {
    let patience: Double

    init(patience: Double) { self.patience = patience }

    func begin(_ query: ObligationQuery) -> Stage? { nil }
    func end(_ query: ObligationQuery, provedBy stage: Stage?) {}
  }
}
