import Verification

/// Collects what a proof rests on, with digests for texts.
final class Ledger: ProofLedger {
  /// A query with the obligation it belongs to.
  struct Entry {
    let kind: ObligationKind
    let query: ProofRecord.Query
  }

  /// The proof on record that is to be found again; nil to look for a new one.
  private let record: ProofRecord.Predicate?
  /// Called with each obligation's text, for a second solver; nil for none.
  private let onText: ((ObligationQuery, Digest) -> Void)?
  private(set) var entries: [Entry] = []
  /// What solvers said during symbolic execution, each query once, in order.
  private(set) var answers: [ProofRecord.Answer] = []
  private var noted: Set<Digest> = []
  private var isDeciding = false
  /// Whether a query had no text, so that there can be no record.
  private(set) var hasNameless = false

  init(
    record: ProofRecord.Predicate? = nil, onText: ((ObligationQuery, Digest) -> Void)? = nil
  ) {
    self.record = record
    self.onText = onText
  }

  func begin(_ query: ObligationQuery) -> Stage? {
    isDeciding = true
    guard let text = query.text else { return nil }
    let digest = Digest(of: text)
    onText?(query, digest)
    let known = record?.obligations.first { $0.kind == query.kind.rawValue }?.queries
      .first { $0.sha256 == digest && $0.placement == query.placement }
    return known.flatMap { Stage(rawValue: $0.stage) }
  }

  func end(_ query: ObligationQuery, provedBy stage: Stage?) {
    isDeciding = false
    guard let stage else { return }
    guard let text = query.text else {
      hasNameless = true
      return
    }
    let entry = ProofRecord.Query(
      placement: query.placement, sha256: Digest(of: text), stage: stage.rawValue, confirmedBy: nil)
    entries.append(Entry(kind: query.kind, query: entry))
  }

  /// The answer on record to a query of symbolic execution.
  func known(_ digest: Digest) -> ProofRecord.Answer? {
    record?.execution.first { $0.sha256 == digest }
  }

  /// Keeps an answer that symbolic execution goes by.
  func note(_ answer: ProofRecord.Answer) {
    guard !isDeciding, noted.insert(answer.sha256).inserted else { return }
    answers.append(answer)
  }

  /// The obligations as a record has them.
  var obligations: [ProofRecord.Obligation] {
    ObligationKind.allCases.map { kind in
      ProofRecord.Obligation(
        kind: kind.rawValue, meaning: kind.meaning,
        queries: entries.filter { $0.kind == kind }.map(\.query))
    }
  }
}
