extension ProofRecord {
  /// What other solvers confirmed, by the digest of the query.
  var confirmations: [Digest: [String]] {
    var known: [Digest: [String]] = [:]
    for query in predicate.obligations.flatMap(\.queries) {
      known[query.sha256] = query.confirmedBy
    }
    for answer in predicate.execution { known[answer.sha256] = answer.confirmedBy }
    return known
  }

  /// Puts the solvers that confirmed a query on record, each query by its digest; what is said of
  /// other queries stays.
  mutating func confirm(_ known: [Digest: [String]]) {
    for kind in predicate.obligations.indices {
      for place in predicate.obligations[kind].queries.indices {
        let digest = predicate.obligations[kind].queries[place].sha256
        guard let solvers = known[digest] else { continue }
        predicate.obligations[kind].queries[place].confirmedBy = solvers
      }
    }
    for place in predicate.execution.indices {
      guard let solvers = known[predicate.execution[place].sha256] else { continue }
      predicate.execution[place].confirmedBy = solvers
    }
  }

  /// Keeps what other solvers said of queries that are the same.
  mutating func takeConfirmations(from old: ProofRecord) { confirm(old.confirmations) }
}
