import Terms

/// What one obligation comes to for one placement of the buffers: a question that a solver answers
/// with `unsat` exactly where the obligation holds.
public struct ObligationQuery: Sendable, Hashable {
  public let kind: ObligationKind
  /// The placement of buffers, from 1.
  public let placement: Int
  /// An SMT-LIB script of the assumptions and the negated claim, before any stage has worked on
  /// them; the same in every process. Nil where two names could not be told apart in it.
  public let text: String?
}

/// Keeps what a proof rests on, and may know proofs from before.
///
/// The texts are made only where there is a ledger.
public protocol ProofLedger: AnyObject {
  /// The seconds that trying all inputs may take for a claim whose proof is not known.
  var patience: Double { get }

  /// Called before an obligation is decided, and not for claims that rewriting made true. The stage
  /// of its proof if that is known, which then is not looked for.
  func begin(_ query: ObligationQuery) -> Stage?

  /// Called after it was decided with the stage that proved it; nil if there is no proof.
  func end(_ query: ObligationQuery, provedBy stage: Stage?)
}

extension ProofLedger {
  public var patience: Double { .infinity }
}

/// A claim and the query that stands for it in the ledger.
struct LedgerClaim {
  let claim: Term
  /// Nil without a ledger, and where there is nothing to ask.
  let query: ObligationQuery?
}

extension Prover {
  /// `claims` with their queries. All of a placement are written down before one is decided, since
  /// deciding makes terms and the order in which terms are made shows in texts.
  func ledgerClaims(
    _ claims: [Term], _ kind: ObligationKind, placement: Int
  ) -> [LedgerClaim] {
    guard ledger != nil else { return claims.map { LedgerClaim(claim: $0, query: nil) } }
    return claims.map { claim in
      guard claim != terms.true else { return LedgerClaim(claim: claim, query: nil) }
      let text = SMTLIBWriter(terms).canonicalScript(
        asserting: assumptions + [terms.not(claim)])
      return LedgerClaim(
        claim: claim, query: ObligationQuery(kind: kind, placement: placement, text: text))
    }
  }

  /// Whether a claim holds, as the ledger knows or as `decide` finds. Even a known proof is given up
  /// where evaluation finds an input against it.
  func decide(_ claim: LedgerClaim) -> Decision {
    guard let ledger, let query = claim.query else { return decide(claim.claim) }
    let known = ledger.begin(query)
    let decision = decide(claim.claim, knownBy: known)
    if case .proved(let stage) = decision {
      ledger.end(query, provedBy: stage)
    } else {
      ledger.end(query, provedBy: nil)
    }
    return decision
  }
}
