import Glibc
import Terms
import Testing
import Verification
import Z3Backend

/// A solver that always says the same.
private final class Stub: Solver {
  let description = "stub"
  private let answer: SolverAnswer
  private(set) var calls = 0

  init(_ answer: SolverAnswer) { self.answer = answer }

  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    calls += 1
    return answer
  }
}

/// A solver that gives every variable the same value, whatever was asked.
private final class Liar: Solver {
  let description = "liar"

  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    var model = Model()
    for variable in terms.freeVariables(of: assertions)
    where terms.width(variable) > 0 && terms.operation(variable) != .store {
      model.values[variable] = .ones(terms.width(variable))
    }
    return .satisfiable(model)
  }
}

/// A solver that dies, never answers, or eats memory.
private final class Dying: Solver {
  enum Death { case abort, sleep, exit }

  let description = "dying"
  private let death: Death

  init(_ death: Death) { self.death = death }

  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    switch death {
    case .abort: abort()
    case .sleep: while true { sleep(1) }
    case .exit: exit(0)
    }
  }
}

/// Whatever a solver does, it is not trusted beyond its `unsatisfiable`.
@Suite struct SolverPitfallTests {
  /// True, and no other stage can tell: (a and b) + (a or b) = a + b.
  private static let kernel = Kernel(
    "sum of parts", .x86, "uint64_t f(uint64_t a, uint64_t b)",
    "mov rax, rdi; and rax, rsi; or rdi, rsi; add rax, rdi; ret",
    holds: ["(= result (bvadd a b))"])
  private static let claim = kernel.claims[0]

  private func isOpen(_ solver: any Solver, seconds: Double = 20) throws -> Bool {
    var options = VerificationOptions.short
    options.seconds = seconds
    options.stages = [.rewrite, .evaluate, .split, .z3]
    let answer = try Self.kernel.answer(Self.claim, solvers: Solvers(smt: solver), options: options)
    if case .inconclusive = answer { return true }
    return false
  }

  @Test func theClaimNeedsASolver() throws {
    let stub = Stub(.unknown("no"))
    _ = try isOpen(stub)
    #expect(stub.calls > 0)
    #expect(try Self.kernel.answer(Self.claim) == .proved)
  }

  @Test func unknownIsInconclusive() throws {
    #expect(try isOpen(Stub(.unknown("gave up"))))
    #expect(try isOpen(Stub(.interrupted)))
  }

  @Test func aWrongModelIsInconclusive() throws {
    #expect(try isOpen(Stub(.satisfiable(Model()))))
    #expect(try isOpen(Liar()))
  }

  /// A first solver that gives up, or whose model is wrong, leaves the claim to the second.
  @Test func theFirstSolverIsNotTrustedEither() throws {
    for wrong in [SolverAnswer.unknown("no"), .satisfiable(Model())] {
      let first = Stub(wrong)
      let answer = try Self.kernel.answer(Self.claim, solvers: Solvers(sat: first, smt: Z3()))
      #expect(first.calls > 0 && answer == .proved)
      let open = try Self.kernel.answer(
        Self.claim, solvers: Solvers(sat: first, smt: Stub(.unknown("no"))))
      #expect(Kernel.fits(open, .inconclusive("")))
    }
  }

  @Test func aSolverThatDiesIsInconclusive() throws {
    #expect(try isOpen(IsolatedSolver(Dying(.abort))))
    #expect(try isOpen(IsolatedSolver(Dying(.exit))))
    #expect(try isOpen(IsolatedSolver(Dying(.sleep)), seconds: 1))
  }

  @Test func noTimeIsInconclusive() throws {
    #expect(try isOpen(Z3(), seconds: 0))
  }

  @Test(arguments: [1e20, 1e300, .infinity])
  func moreTimeThanThereIsIsNoLimit(_ seconds: Double) throws {
    var options = VerificationOptions.short
    options.seconds = seconds
    #expect(try Self.kernel.answer(Self.claim, options: options) == .proved)
  }

  /// A false claim that sampling does not refute stays open without a solver.
  @Test func aRareViolationIsNotProvedWithoutASolver() throws {
    let rare = Kernel(
      "rare", .x86, "uint64_t f(uint64_t x)",
      "movabs rcx, 0x123456789abcdef1; mov rax, rdi; cmp rdi, rcx; jne end; inc rax; end: ret",
      fails: ["(= result x)"])
    var options = VerificationOptions.short
    options.stages = [.rewrite]
    let open = try rare.answer(
      rare.claims[0], solvers: Solvers(smt: Stub(.unknown("no"))), options: options)
    #expect(Kernel.fits(open, .inconclusive("")) || open == .inconclusive(""))
    #expect(try rare.answer(rare.claims[0]) == .refuted(.ensures))
  }
}
