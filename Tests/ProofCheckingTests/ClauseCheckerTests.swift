import ProofChecking
import Terms
import Testing

@Suite struct ClauseCheckerTests {
  private func clause(_ numbers: Int32...) -> [ClauseLiteral] { numbers.map { ClauseLiteral($0) } }

  @Test func seesWhatUnitsImply() {
    var checker = ClauseChecker()
    checker.addAxiom(clause(1, 2))
    checker.addAxiom(clause(-1, 3))
    checker.addAxiom(clause(-2, 3))
    let answers = [
      checker.follows(clause(3)), checker.follows(clause(2, 3)), checker.follows(clause(1)),
      checker.follows(clause(-3)), checker.follows([]), checker.follows(clause(9, -9)),
    ]
    #expect(answers == [true, true, false, false, false, true])
    let (wrong, right, refuted) = (
      checker.addLemma(clause(1)), checker.addLemma(clause(3)), checker.addLemma(clause(-3))
    )
    #expect(!wrong && right && !refuted && !checker.isContradictory)
    checker.addAxiom(clause(-3))
    let everything = checker.follows(clause(8))
    #expect(checker.isContradictory && everything)
  }

  @Test func aClauseOfNoLiteralsIsAContradiction() {
    var checker = ClauseChecker()
    checker.addAxiom([])
    #expect(checker.isContradictory)
  }

  /// What was forgotten is of no use any more; axioms and units are never forgotten.
  @Test func forgets() {
    var checker = ClauseChecker()
    // Only by (1 2) does (1 2 3) follow: what both are of is no unit.
    for third: Int32 in [4, -4] {
      checker.addAxiom(clause(1, 2, third, 5))
      checker.addAxiom(clause(1, 2, third, -5))
    }
    checker.addAxiom(clause(6, 7))
    let early = checker.follows(clause(1, 2))
    let steps = [
      checker.addLemma(clause(1, 2, 4)), checker.addLemma(clause(1, 2, 9)),
      checker.follows(clause(2, 9, 1, 3)),
    ]
    #expect(!early && steps == [true, true, true])
    checker.forget(clause(2, 9, 1))
    checker.forget(clause(4, 2, 1))
    checker.forget(clause(6, 7))
    checker.forget(clause(1, 8))
    let (forgotten, axiom) = (checker.follows(clause(1, 2, 9)), checker.follows(clause(6, 7)))
    #expect(!forgotten && axiom)
  }

  /// All that a checker takes as lemmas of random clauses, with some forgotten, is true in all their models.
  @Test func whatFollowsIsTrueInAllModels() {
    let variables = 6
    var random = SplitMix64(seed: 11)
    var (lemmas, refused, contradictions) = (0, 0, 0)
    func randomClause(_ longest: Int) -> [ClauseLiteral] {
      (0..<Int.random(in: 1...longest, using: &random)).map { _ in
        let variable = Int32.random(in: 1...Int32(variables), using: &random)
        return ClauseLiteral(Bool.random(using: &random) ? variable : -variable)
      }
    }
    for _ in 0..<3_000 {
      var checker = ClauseChecker()
      var models = Set(0..<1 << variables)
      var known: [[ClauseLiteral]] = []
      for _ in 0..<Int.random(in: 4...30, using: &random) {
        let axiom = randomClause(4)
        checker.addAxiom(axiom)
        models = models.filter { $0.satisfies(axiom) }
      }
      for _ in 0..<20 {
        let lemma = randomClause(5)
        let isTrue = models.allSatisfy { $0.satisfies(lemma) }
        if checker.addLemma(lemma) {
          lemmas += 1
          known.append(lemma)
          #expect(isTrue, "\(lemma) does not follow")
        } else {
          refused += 1
          // All literals decided: what is left is seen at once.
          let isDecided = Set(lemma.map { $0.code >> 1 }).count == variables
          #expect(!(isTrue && isDecided))
        }
        if Bool.random(using: &random), let old = known.randomElement(using: &random) {
          checker.forget(old)
        }
      }
      if checker.isContradictory {
        contradictions += 1
        #expect(models.isEmpty)
      }
    }
    #expect(lemmas > 5_000 && refused > 5_000 && contradictions > 100)
  }

  /// So many lemmas are forgotten that the others are moved together; what they say stays.
  @Test func movesClausesTogether() {
    var checker = ClauseChecker()
    checker.addAxiom(clause(1, 2, 3))
    checker.addAxiom(clause(-1, 2, 3))
    let first = checker.addLemma(clause(2, 3))
    checker.addAxiom(clause(-3, 5))
    for number: Int32 in 10..<40_010 {
      let wide = [2, 3] + (number..<number + 60)
      let lemma = wide.map { ClauseLiteral($0) }
      guard checker.addLemma(lemma) else {
        Issue.record("\(number) does not follow")
        return
      }
      checker.forget(lemma)
    }
    let (kept, next, wrong) = (
      checker.follows(clause(2, 3)), checker.follows(clause(2, 5)), checker.follows(clause(2))
    )
    #expect(first && kept && next && !wrong && checker.memory < 40 << 20)
  }
}

extension Int {
  /// Whether a clause is true where the variables are this number's bits.
  fileprivate func satisfies(_ clause: [ClauseLiteral]) -> Bool {
    clause.contains { (self >> Int($0.code >> 1 - 1) & 1 == 1) == ($0.code & 1 == 0) }
  }
}
