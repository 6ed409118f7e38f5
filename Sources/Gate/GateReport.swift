import Verification

/// What a run of the gate found: plain values, from which every kind of report is made.
public struct GateReport: Codable, Sendable {
  /// The outcome of one kernel.
  public struct Kernel: Codable, Sendable {
    /// The verdict's word: the exit status follows from it.
    public enum Verdict: String, Codable, Sendable, CaseIterable {
      case proved, refuted, inconclusive, unsupported, vacuous
      /// Bad input: the code or the specification cannot be read.
      case invalid
      /// Under `--locked`: there is no proof on record, or it is of something else.
      case stale
    }

    public var name: String
    /// The place of its entry in the manifest.
    public var line: Int
    public var column: Int
    public var code: String
    public var symbol: String?
    /// The path of the specification, or of the code that it is held against.
    public var against: String
    public var isa: String?
    public var verdict: Verdict
    /// Why it is not proved, in one line.
    public var reason: String?
    public var obligations: [Obligation] = []
    public var counterexample: Counterexample?
    public var placements = 0
    public var solver = ""
    /// The seconds of the verification; those that the answer on record took where nothing was done.
    public var seconds: Double = 0
    /// Whether the proof was in the cache.
    public var isCached = false
    /// Whether an inconclusive result only warns.
    public var isTolerated = false
    /// What the manifest does not ask of it.
    public var waived: [ObligationKind] = []
    /// The path of the record, relative to the manifest's folder; nil where there is none.
    public var record: String?
  }

  /// How one obligation fared.
  public struct Obligation: Codable, Sendable {
    public var kind: ObligationKind
    /// proved, refuted, inconclusive or undecided.
    public var status: String
    public var stage: Stage?
    public var claims: Int
    public var seconds: Double
  }

  /// An input on which the code does wrong.
  public struct Counterexample: Codable, Sendable {
    public var obligation: ObligationKind
    public var message: String
    public var address: UInt64?
    /// The line of source of that address, with debug information.
    public var source: Source?
    /// The input and the run in words, as `prove` prints them.
    public var text: String
    /// The input and the outcomes.
    public var values: [Values]
    /// The run of the kernel, cut where it is very long.
    public var steps: [Step]
    /// The instructions that the run took.
    public var stepCount: Int
  }

  /// A line of source.
  public struct Source: Codable, Sendable, Hashable {
    /// As debug information names it.
    public var file: String
    public var line: Int
    /// The path from here; nil where the file is not there.
    public var path: String?
  }

  /// The manifest's path.
  public var manifest: String
  /// In the manifest's order.
  public var kernels: [Kernel]
  public var seconds: Double
  /// Entries of the cache that were found changed and not used.
  public var damaged: [String]
  /// Records and envelopes that should be there and could not be written, each with the reason.
  public var unwritten: [String] = []

  /// How many kernels have `verdict`.
  public func count(_ verdict: Kernel.Verdict) -> Int {
    kernels.count { $0.verdict == verdict }
  }

  /// The exit status: 0 if every kernel is proved or tolerated and its record is written, else that of
  /// the worst, where a refuted kernel is worse than bad input, and that than what was not decided.
  public var status: Int32 {
    let failed = kernels.filter { $0.verdict != .proved && !$0.isTolerated }.map(\.verdict)
    let order: [(Kernel.Verdict, Int32)] = [
      (.refuted, 1), (.invalid, 2), (.unsupported, 4), (.vacuous, 5), (.inconclusive, 3),
      (.stale, 3),
    ]
    return order.first { failed.contains($0.0) }?.1 ?? (unwritten.isEmpty ? 0 : 2)
  }
}
