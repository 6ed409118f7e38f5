import Glibc
import Terms
import Testing
import Z3Backend

extension Z3Tests {
  /// Z3 as a solver of terms, in this process and in a child.
  @Suite struct SolverTests {
    @Test(arguments: [false, true])
    func answersWithModels(isolated: Bool) {
      let terms = TermManager()
      let solver = Z3(isolated: isolated)
      let memory = terms.variable("m", .array(index: 64, element: 8))
      let (index, wide) = (terms.variable("i", width: 64), terms.variable("a wide one", width: 130))
      let flag = terms.variable("p", .bool)
      let query = [
        flag, terms.equal(terms.select(memory, index), terms.constant(7, width: 8)),
        terms.distinct(
          terms.select(memory, terms.add(index, terms.constant(1, width: 64))),
          terms.constant(7, width: 8)),
        terms.unsignedLess(terms.constant(.ones(130).shiftedRight(logical: 1)), wide),
      ]
      guard
        case .satisfiable(let model) = solver.check(query, in: terms, limits: SolverLimits())
      else {
        Issue.record("no model")
        return
      }
      #expect(model.values.count == 3 && model.arrays.count == 1)
      var evaluator = Evaluator(terms, roots: query, lanes: 1)
      evaluator.set(model, lane: 0)
      evaluator.run()
      for term in query { #expect(evaluator.word(term, lane: 0) == 1) }
      let answer = solver.check(query + [terms.not(flag)], in: terms, limits: SolverLimits())
      guard case .unsatisfiable = answer else {
        Issue.record("not unsatisfiable: \(answer)")
        return
      }
    }

    /// A product of two large primes: beyond any solver in the given time.
    private func hard(_ terms: TermManager) -> [Term] {
      let (a, b) = (terms.variable("a", width: 128), terms.variable("b", width: 128))
      let half = terms.constant(BitVector(1, width: 128).shiftedLeft(62))
      let product = BitVector(0x7FFF_FFFF_FFFF_FFE7, width: 128)
        .multiplying(BitVector(0x7FFF_FFFF_FFFF_FF5B, width: 128))
      let one = terms.constant(1, width: 128)
      return [
        terms.unsignedLess(a, terms.shiftLeft(half, by: 2)),
        terms.unsignedLess(b, terms.shiftLeft(half, by: 2)), terms.unsignedLess(one, a),
        terms.unsignedLess(a, b), terms.equal(terms.multiply(a, b), terms.constant(product)),
      ]
    }

    @Test(arguments: [false, true])
    func keepsTheTimeLimit(isolated: Bool) {
      let terms = TermManager()
      let limits = SolverLimits(seconds: 0.2)
      let answer = Z3(isolated: isolated).check(hard(terms), in: terms, limits: limits)
      guard case .unknown = answer else {
        Issue.record("not unknown: \(answer)")
        return
      }
    }

    @Test func keepsTheResourceLimit() {
      let terms = TermManager()
      let limits = SolverLimits(seconds: 600, resource: 100_000)
      let answer = Z3().check(hard(terms), in: terms, limits: limits)
      guard case .unknown = answer else {
        Issue.record("not unknown: \(answer)")
        return
      }
    }

    @Test func survivesHunger() {
      let terms = TermManager()
      let limits = SolverLimits(seconds: 600, memory: 24 << 20)
      let answer = Z3().check(hard(terms), in: terms, limits: limits)
      guard case .unknown(let reason) = answer else {
        Issue.record("not unknown: \(answer)")
        return
      }
      #expect(reason.contains("memory"))
    }

    /// A solver that does what solvers should not do.
    private final class Misbehaving: Solver {
      let act: () -> SolverAnswer

      init(_ act: @escaping () -> SolverAnswer) { self.act = act }

      var description: String { "misbehaving" }

      func check(_ assertions: [Term], in terms: TermManager, limits: SolverLimits) -> SolverAnswer
      {
        act()
      }
    }

    private func unknownReason(_ act: @escaping () -> SolverAnswer) -> String? {
      let terms = TermManager()
      let solver = IsolatedSolver(Misbehaving(act))
      let query = [terms.variable("p", .bool)]
      let answer = solver.check(query, in: terms, limits: SolverLimits(seconds: 0.05))
      guard case .unknown(let reason) = answer else { return nil }
      return reason
    }

    @Test func endsASolverThatIgnoresItsLimit() {
      #expect(unknownReason { while true { pause() } } == "no answer after 0.05 s")
    }

    @Test func survivesACrash() {
      #expect(unknownReason { abort() } == "the solver was ended by signal \(SIGABRT)")
    }

    @Test func passesReasonsOn() {
      #expect(unknownReason { .unknown("no mood") } == "no mood")
    }

    @Test func answersConstantsWithoutASolver() {
      let terms = TermManager()
      let solver = IsolatedSolver(Misbehaving { .interrupted })
      let limits = SolverLimits()
      let no = solver.check([terms.variable("p", .bool), terms.false], in: terms, limits: limits)
      guard case .unsatisfiable = no else {
        Issue.record("false is satisfiable")
        return
      }
      guard case .satisfiable = solver.check([terms.true], in: terms, limits: limits) else {
        Issue.record("true is unsatisfiable")
        return
      }
    }

    @Test func namesItsVersion() {
      #expect(Z3().description.hasPrefix("Z3 "))
      #expect(Z3().description.contains("."))
    }
  }
}
