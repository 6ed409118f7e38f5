import BinVerify
import Glibc
import Isolation

/// Proves the queries of records again, with other solvers than those that proved them.
public struct RecordChecker {
  /// How a run is made.
  public struct Settings {
    /// How many records are worked on at a time.
    public var workers = GateRunner.processorCount
    /// Nil for no cache.
    public var cache: Cache?
    /// The solvers to ask, the most welcome first.
    public var solvers: [SolverProgram] = []
    /// Seconds that each solver has for each query.
    public var seconds = 20.0
    /// Bytes that a solver may use.
    public var memory: UInt64 = 4 << 30
    /// Called when a record is done, with how many are; in order of completion.
    public var onProgress: (_ done: Int, _ count: Int, _ name: String) -> Void = { _, _, _ in }

    public init() {}
  }

  private let manifest: Manifest
  private let settings: Settings

  public init(_ manifest: Manifest, _ settings: Settings) {
    self.manifest = manifest
    self.settings = settings
  }

  /// The outcome for each of the files at `paths`, in their order.
  public func run(_ paths: [String]) -> [RecordCheck] {
    for name in architectureNames { _ = try? Digest(ofTables: architecture(named: name)) }
    var results: [RecordCheck?] = paths.map { _ in nil }
    var done = 0
    IsolatedPool.run(
      count: paths.count, width: settings.workers,
      // Each query keeps its own limit.
      limits: { _ in
        let (memory, isTooMuch) = settings.memory.addingReportingOverflow(4 << 30)
        return IsolatedPool.Limits(timeout: 1e9, memory: isTooMuch ? .max : memory)
      },
      body: { (try? RecordText.compact(check(paths[$0]))) ?? [] },
      done: { index, ending in
        results[index] = outcome(paths[index], ending)
        done += 1
        settings.onProgress(done, paths.count, paths[index])
      })
    settings.cache?.prune()
    return zip(paths, results).map { path, result in
      result ?? open(path, .unsettled, "interrupted")
    }
  }

  private func open(
    _ path: String, _ verdict: RecordCheck.Verdict, _ reason: String
  ) -> RecordCheck {
    RecordCheck(record: path, name: path, verdict: verdict, reason: reason)
  }

  /// What a worker's end says of its record.
  private func outcome(_ path: String, _ ending: IsolatedOutcome) -> RecordCheck {
    switch ending {
    case .finished(let bytes):
      return (try? RecordText.read(RecordCheck.self, bytes))
        ?? open(path, .unsettled, "the worker's answer cannot be read")
    case .killed(let signal):
      return open(path, .unsettled, "the worker was ended by signal \(signal)")
    case .outOfMemory: return open(path, .unsettled, "out of memory")
    case .interrupted: return open(path, .unsettled, "interrupted")
    default: return open(path, .unsettled, "the worker failed")
    }
  }

  /// Puts on record which solvers confirmed its queries, if it still is what was looked at.
  /// - Parameter keys: what signs the record then, if all of it was confirmed; a signed one needs at
  ///   least one.
  /// - Returns: nil, or the path that could not be written and why.
  public func write(_ check: RecordCheck, signedBy keys: [SigningKey]) -> String? {
    var found: [Digest: [String]] = [:]
    for query in check.queries { query.confirmedBy.map { found[query.sha256] = [$0] } }
    guard !found.isEmpty || !keys.isEmpty,
      check.verdict == .confirmed || check.verdict == .unsettled && keys.isEmpty,
      let bytes = Files.read(check.record, limit: Files.recordLimit),
      Digest(of: bytes) == check.text,
      var record = ProofRecord(text: bytes)
    else { return nil }
    record.confirm(found)
    guard let text = try? record.text() else { return nil }
    let slash = check.record.lastIndex(of: "/")
    let folder = slash.map { String(check.record[..<$0]) } ?? "."
    let store = RecordStore(folder: "", proofs: folder)
    if keys.isEmpty, text != bytes, store.isSealed(check.name) {
      return "\(check.record): error: it is signed; --sign has to name a key"
    }
    return store.replace(text, check.name, bytes, keys)
  }

  // MARK: One record

  private func check(_ path: String) -> RecordCheck {
    let start = ContinuousClock.now
    guard let bytes = Files.read(path, limit: Files.recordLimit) else {
      return open(path, .invalid, "cannot be read")
    }
    guard let record = ProofRecord(text: bytes), let name = record.subject.first?.name else {
      return open(path, .invalid, "is no record as the gate writes it")
    }
    guard path == "\(name).json" || path.hasSuffix("/\(name).json") else {
      return open(path, .invalid, "the record of '\(name)' is called \(name).json")
    }
    guard let kernel = manifest.kernels.first(where: { $0.name == name }) else {
      return open(path, .invalid, "\(manifest.file) has no kernel '\(name)'")
    }
    var texts: [LedgerText] = []
    var seen: Set<Digest> = []
    let outcome = KernelJob(
      kernel: kernel, folder: manifest.folder, cache: nil, locked: record,
      solvers: .standard(), words: { _, _, _, _ in "" },
      onText: { if seen.insert($0.digest).inserted { texts.append($0) } }
    ).run()
    var check = RecordCheck(record: path, name: name, verdict: .confirmed)
    check.text = Digest(of: bytes)
    guard outcome.kernel.verdict == .proved, outcome.record.map({ Array($0.utf8) }) == bytes else {
      check.verdict = outcome.kernel.verdict == .invalid ? .invalid : .stale
      check.reason = outcome.kernel.reason
      return check
    }
    ask(texts, record, &check)
    check.damaged = settings.cache?.damaged ?? []
    check.seconds = (ContinuousClock.now - start) / .seconds(1)
    return check
  }

  private func ask(_ texts: [LedgerText], _ record: ProofRecord, _ check: inout RecordCheck) {
    let opinion = SecondOpinion(
      solvers: settings.solvers, seconds: settings.seconds, memory: settings.memory,
      cache: settings.cache)
    let stages = record.stages
    for text in texts {
      let stage = stages[text.digest] ?? ""
      let finding = opinion.finding(text.text, text.digest, provedBy: stage)
      check.queries.append(
        RecordCheck.Query(
          obligation: text.kind?.rawValue ?? "execution", placement: text.placement,
          sha256: text.digest, stage: stage, confirmedBy: finding.confirmedBy,
          contradictedBy: finding.contradictedBy, remarks: finding.remarks))
      if finding.contradictedBy != nil {
        check.verdict = .contradicted
      } else if finding.confirmedBy == nil, check.verdict == .confirmed {
        check.verdict = .unsettled
      }
    }
  }
}

extension ProofRecord {
  /// The stage that proved each query; for paths that of the solver which left them out.
  fileprivate var stages: [Digest: String] {
    var stages: [Digest: String] = [:]
    for query in predicate.obligations.flatMap(\.queries) { stages[query.sha256] = query.stage }
    for answer in predicate.execution where stages[answer.sha256] == nil {
      stages[answer.sha256] = answer.solver.hasPrefix("Z3") ? "z3" : "sat"
    }
    return stages
  }
}
