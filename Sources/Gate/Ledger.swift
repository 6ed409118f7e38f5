import Verification

/// A query with its text, for a second solver.
struct LedgerText {
  /// Nil for a query of symbolic execution: that a path does not exist.
  let kind: ObligationKind?
  /// The placement of buffers, from 1; zero for a query of symbolic execution.
  let placement: Int
  let text: String
  let digest: Digest
}

/// Collects what a proof rests on, with digests for texts.
final class Ledger: ProofLedger {
  /// A query with the obligation it belongs to.
  struct Entry {
    let kind: ObligationKind
    let query: ProofRecord.Query
  }

  /// What identifies a proof on record.
  private struct Place: Hashable {
    let kind: String
    let placement: Int
    let digest: Digest
  }

  /// The stages and answers of the proof that is to be found again; empty to look for a new one.
  private var stages: [Place: Stage] = [:]
  private var known: [Digest: ProofRecord.Answer] = [:]
  /// Called with the text of each obligation and of each path that was left out; nil for none.
  private let onText: ((LedgerText) -> Void)?
  private(set) var entries: [Entry] = []
  /// What solvers said during symbolic execution, each query once, in order.
  private(set) var answers: [ProofRecord.Answer] = []
  private var noted: Set<Digest> = []
  private var isDeciding = false
  /// Whether a query had no text, so that there can be no record.
  private(set) var hasNameless = false
  /// Where a proof is to be found again, what takes long is on record or the record is stale.
  let patience: Double

  init(record: ProofRecord.Predicate? = nil, onText: ((LedgerText) -> Void)? = nil) {
    self.onText = onText
    patience = record == nil ? .infinity : 1
    for obligation in record?.obligations ?? [] {
      for query in obligation.queries {
        let place = Place(
          kind: obligation.kind, placement: query.placement, digest: query.sha256)
        stages[place] = Stage(rawValue: query.stage)
      }
    }
    for answer in record?.execution ?? [] { known[answer.sha256] = answer }
  }

  func begin(_ query: ObligationQuery) -> Stage? {
    isDeciding = true
    guard let text = query.text else { return nil }
    let digest = Digest(of: text)
    onText?(
      LedgerText(kind: query.kind, placement: query.placement, text: text, digest: digest))
    return stages[
      Place(kind: query.kind.rawValue, placement: query.placement, digest: digest)]
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
  func known(_ digest: Digest) -> ProofRecord.Answer? { known[digest] }

  /// Keeps an answer that symbolic execution goes by, to the query of this text.
  func note(_ answer: ProofRecord.Answer, _ text: String) {
    guard !isDeciding, noted.insert(answer.sha256).inserted else { return }
    answers.append(answer)
    if !answer.satisfiable {
      onText?(LedgerText(kind: nil, placement: 0, text: text, digest: answer.sha256))
    }
  }

  /// The obligations as a record has them.
  func obligations(without waived: Set<ObligationKind>) -> [ProofRecord.Obligation] {
    ObligationKind.allCases.filter { !waived.contains($0) }.map { kind in
      ProofRecord.Obligation(
        kind: kind.rawValue, meaning: kind.meaning,
        queries: entries.filter { $0.kind == kind }.map(\.query))
    }
  }
}
