/// Asks other solvers than the one that proved a query.
struct SecondOpinion {
  /// What they said of one query.
  struct Finding {
    /// The solver that said `unsat` first; nil if none did.
    var confirmedBy: String?
    /// A solver that said `sat`: it or the proof is wrong.
    var contradictedBy: String?
    /// What each solver without an answer said.
    var remarks: [String] = []
  }

  let solvers: [SolverProgram]
  /// Seconds that each solver has for a query.
  let seconds: Double
  let memory: UInt64
  /// Nil for no cache.
  let cache: Cache?

  /// Every solver gets this part of its time first, so that one that is soon done is found before
  /// another is waited for.
  private static let firstShare = 0.1

  /// The finding on a query that `stage` proved, one of a record's.
  func finding(_ text: String, _ digest: Digest, provedBy stage: String) -> Finding {
    let others = solvers.filter { !$0.kin.contains(stage) }
    guard !others.isEmpty else {
      return Finding(remarks: ["no other solver than \(stage) is installed"])
    }
    for solver in others where isKnown(digest, solver) {
      return Finding(confirmedBy: solver.description)
    }
    var finding = Finding()
    for share in [SecondOpinion.firstShare, 1] {
      finding.remarks = []
      for solver in others {
        switch solver.check(text, seconds: seconds * share, memory: memory) {
        case .unsatisfiable:
          keep(digest, solver)
          return Finding(confirmedBy: solver.description)
        case .satisfiable:
          return Finding(contradictedBy: solver.description)
        case .unknown(let reason): finding.remarks.append("\(solver.description): \(reason)")
        }
      }
    }
    return finding
  }

  // MARK: The cache

  /// Made of the program itself too, which may have changed under the same name; nil if it cannot be read.
  private func key(_ digest: Digest, _ solver: SolverProgram) -> Digest? {
    cache?.digest(ofFile: solver.path).map {
      Digest(of: "\($0.hexadecimal)\n\(solver.description)\n\(digest)")
    }
  }

  private func isKnown(_ digest: Digest, _ solver: SolverProgram) -> Bool {
    guard let key = key(digest, solver), let contents = cache?.read(.opinions, key),
      let answer = try? RecordText.read(ProofRecord.Answer.self, contents)
    else { return false }
    return answer.sha256 == digest && answer.solver == solver.description && !answer.satisfiable
  }

  private func keep(_ digest: Digest, _ solver: SolverProgram) {
    let answer = ProofRecord.Answer(
      sha256: digest, solver: solver.description, satisfiable: false, model: nil)
    guard let key = key(digest, solver), let contents = try? RecordText.compact(answer) else {
      return
    }
    cache?.write(.opinions, key, contents)
  }
}
