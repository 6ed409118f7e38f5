/// What came of holding a record against solvers other than those that made it.
public struct RecordCheck: Codable, Sendable {
  /// The outcome's word.
  public enum Verdict: String, Codable, Sendable {
    /// Every query was proved by another solver as well.
    case confirmed
    /// No other solver settled some query in its limit.
    case unsettled
    /// Another solver found a solution of a query that is on record as proved.
    case contradicted
    /// The record is not of what is there now.
    case stale
    /// The record, the code or the specification cannot be read, or nothing says what it is of.
    case invalid
  }

  /// One query of the record.
  public struct Query: Codable, Sendable {
    /// The obligation's name; `execution` for a path that was left out.
    public var obligation: String
    public var placement: Int
    public var sha256: Digest
    /// The stage that proved it; for a path the solver's.
    public var stage: String
    public var confirmedBy: String?
    public var contradictedBy: String?
    /// What each solver without an answer said.
    public var remarks: [String]
  }

  /// The record's path as it was given.
  public var record: String
  public var name: String
  /// The digest of the record's text that was looked at; nil if there was none.
  public var text: Digest?
  public var verdict: Verdict
  /// Why it is neither confirmed nor unsettled nor contradicted.
  public var reason: String?
  /// Each query once.
  public var queries: [Query] = []
  public var seconds: Double = 0
  /// Entries of the cache that were found changed and not used.
  public var damaged: [String] = []

  public init(record: String, name: String, verdict: Verdict, reason: String? = nil) {
    (self.record, self.name, self.verdict, self.reason) = (record, name, verdict, reason)
  }

  /// The solvers that confirmed queries, with how many each, the most useful first.
  public var agreement: [(solver: String, count: Int)] {
    var counts: [String: Int] = [:]
    for query in queries { query.confirmedBy.map { counts[$0, default: 0] += 1 } }
    return counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// The exit status of several: 0 only if each is confirmed.
  public static func status(of checks: [RecordCheck]) -> Int32 {
    let order: [(Verdict, Int32)] = [
      (.contradicted, 1), (.invalid, 2), (.stale, 3), (.unsettled, 3),
    ]
    return order.first { entry in checks.contains { $0.verdict == entry.0 } }?.1 ?? 0
  }
}
