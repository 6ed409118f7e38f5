/// A proof on record: an in-toto Statement (version 1) about the code of one kernel.
///
/// The JSON text has sorted keys, two spaces of indentation and nothing that depends on the time or
/// the machine, so that the same proof has the same text everywhere.
public struct ProofRecord: Codable, Sendable, Hashable {
  /// What `_type` and `predicateType` have to be.
  public static let statementType = "https://in-toto.io/Statement/v1"
  public static let predicateType = "https://binverify.dev/proof/v1"

  /// What the statement is about: an artifact by its digest.
  public struct Subject: Codable, Sendable, Hashable {
    public var name: String
    /// By the algorithm's name: `sha256`.
    public var digest: [String: Digest]
  }

  /// A query that is on record as proved.
  public struct Query: Codable, Sendable, Hashable {
    /// The placement of buffers, from 1.
    public var placement: Int
    /// SHA-256 of the query's SMT-LIB text.
    public var sha256: Digest
    /// The stage that settled it: one of the engine's own, `sat` or `z3`.
    public var stage: String
    /// The solvers other than the engine's that settled it as well, with their versions.
    public var confirmedBy: [String]?
  }

  /// One of the six obligations.
  public struct Obligation: Codable, Sendable, Hashable {
    public var kind: String
    public var meaning: String
    /// Empty where rewriting left nothing to ask.
    public var queries: [Query]
  }

  /// A solver's answer that symbolic execution used to see where code can go.
  public struct Answer: Codable, Sendable, Hashable {
    public var sha256: Digest
    public var solver: String
    public var satisfiable: Bool
    /// A model by the names of variables, in SMT-LIB's notation, for `satisfiable`.
    public var model: [String: ModelValue]?
    /// Other solvers that said `unsat` as well, with their versions.
    public var confirmedBy: [String]?
  }

  /// What the engine was told; limits that only cost proofs are left out.
  public struct Options: Codable, Sendable, Hashable {
    public var cpus: [String]
    public var stages: [String]
    public var iterations: Int
    /// The obligations that were not asked for; nil for none.
    public var waived: [String]?
  }

  /// What a proof rests on.
  public struct Predicate: Codable, Sendable, Hashable {
    public var verdict: String
    public var isa: [String]
    /// Digests of the contract's text and, for a comparison, of the code that is stood for.
    public var specification: Digest
    public var reference: Digest?
    /// The digest of the rows of each instruction set, by its name.
    public var tables: [String: Digest]
    /// The version of the engine and of what instructions mean.
    public var engine: String
    public var model: Int
    public var options: Options
    public var solver: String
    public var placements: Int
    public var obligations: [Obligation]
    public var execution: [Answer]
    public var assumptions: [String]
    public var provenance: [String: String]?
  }

  public var type = ProofRecord.statementType
  public var subject: [Subject]
  public var predicateType = ProofRecord.predicateType
  public var predicate: Predicate

  private enum CodingKeys: String, CodingKey {
    case type = "_type"
    case subject, predicateType, predicate
  }
}

/// A value of a model: bits as SMT-LIB writes them, or an array.
public struct ModelValue: Codable, Sendable, Hashable {
  /// The bits of a bit-vector, most significant first; nil for an array.
  public var bits: String?
  /// An array's elements by their indices, and the element everywhere else.
  public var entries: [String: String]?
  public var otherwise: String?
}
