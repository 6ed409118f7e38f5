import Terms

/// A solver that looks for answers in a cache, or in a record, before it asks another.
///
/// Only `unsat` and `sat` are kept. A model from elsewhere is as untrusted as a solver's: whoever
/// asked evaluates it.
final class LedgerSolver: Solver {
  let inner: any Solver
  /// Nil for no cache.
  private let cache: Cache?
  /// The digest of this program, which has made of the query what `inner` was asked.
  private let program: Digest?
  private let ledger: Ledger
  /// Whether `inner` is never started, so that what is not on record is unknown.
  private let isLocked: Bool

  init(_ inner: any Solver, cache: Cache?, ledger: Ledger, isLocked: Bool) {
    self.inner = inner
    program = cache?.digest(ofFile: "/proc/self/exe")
    self.cache = program == nil ? nil : cache
    self.ledger = ledger
    self.isLocked = isLocked
  }

  var description: String { inner.description }

  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    guard let text = SMTLIBWriter(terms).canonicalScript(asserting: assertions) else {
      return isLocked
        ? .unknown("no text for a query") : inner.check(assertions, in: terms, limits: limits)
    }
    let digest = Digest(of: text)
    let variables = terms.freeVariables(of: assertions)
    if isLocked {
      guard let known = ledger.known(digest),
        let answer = answer(known, variables, terms)
      else { return .unknown("no solver is started, and the query is not on record") }
      ledger.note(known, text)
      return answer
    }
    let key = Digest(of: "\(program?.hexadecimal ?? "")\n\(description)\n\(digest)")
    if let known = cached(key, digest), let answer = answer(known, variables, terms) {
      ledger.note(known, text)
      return answer
    }
    let answer = inner.check(assertions, in: terms, limits: limits)
    guard let entry = entry(answer, digest, variables, terms) else { return answer }
    ledger.note(entry, text)
    if let cache, let contents = try? RecordText.compact(entry) {
      cache.write(.queries, key, contents)
    }
    return answer
  }

  private func cached(_ key: Digest, _ digest: Digest) -> ProofRecord.Answer? {
    guard let contents = cache?.read(.queries, key),
      let answer = try? RecordText.read(ProofRecord.Answer.self, contents),
      answer.sha256 == digest, answer.solver == description
    else { return nil }
    return answer
  }

  private func answer(
    _ known: ProofRecord.Answer, _ variables: [Term], _ terms: TermManager
  ) -> SolverAnswer? {
    guard known.satisfiable else { return .unsatisfiable }
    return ModelCoding.decode(known.model ?? [:], variables, terms).map(SolverAnswer.satisfiable)
  }

  private func entry(
    _ answer: SolverAnswer, _ digest: Digest, _ variables: [Term], _ terms: TermManager
  ) -> ProofRecord.Answer? {
    switch answer {
    case .unknown, .interrupted: return nil
    case .unsatisfiable:
      return ProofRecord.Answer(
        sha256: digest, solver: description, satisfiable: false, model: nil)
    case .satisfiable(let model):
      return ProofRecord.Answer(
        sha256: digest, solver: description, satisfiable: true,
        model: ModelCoding.encode(model, variables, terms))
    }
  }
}

/// A solver that is never started.
final class AbsentSolver: Solver {
  let description = "none"

  func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    .unknown("no solver is started")
  }
}
