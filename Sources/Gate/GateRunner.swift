import BinVerify
import Glibc
import Isolation

/// Runs the gate: every kernel of a manifest, several at a time, each in a process of its own.
public struct GateRunner {
  /// How a run is made.
  public struct Settings {
    /// How many kernels are worked on at a time.
    public var workers = GateRunner.processorCount
    /// Nil for no cache.
    public var cache: Cache?
    /// Whether proofs have to be on record, and no solver is started.
    public var isLocked = false
    /// Where records are, relative to the manifest's folder.
    public var proofs = "proofs"
    /// Whether records of new proofs are written.
    public var writesRecords = true
    /// Called when a kernel is done, with how many are; in order of completion.
    public var onProgress: (_ done: Int, _ count: Int, _ name: String) -> Void = { _, _, _ in }

    public init() {}
  }

  /// The processors that are on line.
  public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Seconds that a worker has beyond the limit of its verification before it is ended.
  static let grace = 10.0

  private let manifest: Manifest
  private let settings: Settings
  private let words: CounterexampleWords
  private let executable: Digest?

  /// - Parameter words: shows a counterexample to people.
  public init(_ manifest: Manifest, _ settings: Settings, words: @escaping CounterexampleWords) {
    self.manifest = manifest
    self.settings = settings
    self.words = words
    executable =
      settings.cache == nil || settings.isLocked
      ? nil : Digest(ofFile: "/proc/self/exe")
  }

  /// The report on `kernels`, those of the manifest unless given.
  public func run(_ kernels: [Manifest.Kernel]? = nil) -> GateReport {
    let start = ContinuousClock.now
    let kernels = kernels ?? manifest.kernels
    let keys = kernels.map(key)
    var outcomes = zip(kernels, keys).map(known)
    let open = outcomes.indices.filter { outcomes[$0] == nil }
    prove(open, kernels, keys, &outcomes)
    var report = GateReport(manifest: manifest.file, kernels: [], seconds: 0, damaged: [])
    for (kernel, outcome) in zip(kernels, outcomes) {
      guard var outcome else { continue }
      if let record = outcome.record { outcome.kernel.record = write(record, &outcome.kernel) }
      outcome.kernel.isTolerated =
        outcome.kernel.verdict == .inconclusive && kernel.tolerance == .warn
      report.kernels.append(outcome.kernel)
      report.damaged += outcome.damaged
    }
    report.damaged += settings.cache?.damaged ?? []
    settings.cache?.prune()
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  // MARK: Workers

  private func prove(
    _ open: [Int], _ kernels: [Manifest.Kernel], _ keys: [Digest?],
    _ outcomes: inout [KernelJob.Outcome?]
  ) {
    guard !open.isEmpty else { return }
    // Made here once instead of in each worker.
    for name in architectureNames { _ = try? Digest(ofTables: architecture(named: name)) }
    var done = kernels.count - open.count
    var results = outcomes
    IsolatedPool.run(
      count: open.count, width: settings.workers,
      limits: {
        let limits = kernels[open[$0]].limits
        return IsolatedPool.Limits(
          timeout: limits.seconds + GateRunner.grace, memory: limits.memory)
      },
      body: { (try? RecordText.compact(self.work(on: kernels[open[$0]]))) ?? [] },
      done: { index, ending in
        let kernel = kernels[open[index]]
        let outcome = GateRunner.outcome(kernel, ending)
        remember(outcome, of: kernel, keys[open[index]])
        results[open[index]] = outcome
        done += 1
        settings.onProgress(done, kernels.count, kernel.name)
      })
    for index in open where results[index] == nil {
      results[index] = GateRunner.open(kernels[index], "interrupted")
    }
    outcomes = results
  }

  /// What one worker does.
  private func work(on kernel: Manifest.Kernel) -> KernelJob.Outcome {
    var locked: ProofRecord?
    if settings.isLocked {
      let path = recordPath(kernel.name)
      guard let bytes = Files.read(manifest.folder + path) else {
        return GateRunner.stale(kernel, "no proof on record: \(path) is not there")
      }
      guard let record = ProofRecord(text: bytes) else {
        return GateRunner.stale(kernel, "\(path) is no record as the gate writes it")
      }
      locked = record
    }
    return KernelJob(
      kernel: kernel, folder: manifest.folder, cache: settings.isLocked ? nil : settings.cache,
      locked: locked, solvers: .standard(), words: words
    ).run()
  }

  /// What a worker's end says of its kernel.
  private static func outcome(
    _ kernel: Manifest.Kernel, _ ending: IsolatedOutcome
  ) -> KernelJob.Outcome {
    switch ending {
    case .finished(let bytes):
      guard let outcome = try? RecordText.read(KernelJob.Outcome.self, bytes) else {
        return open(kernel, "the worker's answer cannot be read")
      }
      return outcome
    case .timedOut: return open(kernel, "no answer after \(kernel.limits.seconds + grace) s")
    case .outOfMemory:
      return open(kernel, "out of memory: \(kernel.limits.memory >> 20) MiB")
    case .killed(let signal): return open(kernel, "the worker was ended by signal \(signal)")
    case .exited(let status): return open(kernel, "the worker ended with status \(status)")
    case .interrupted: return open(kernel, "interrupted")
    case .outputTooLarge: return open(kernel, "the worker's answer is too large")
    case .notStarted(let error): return open(kernel, "no process for the worker: error \(error)")
    }
  }

  private static func open(_ kernel: Manifest.Kernel, _ reason: String) -> KernelJob.Outcome {
    var result = GateReport.Kernel(kernel)
    result.reason = reason
    return KernelJob.Outcome(kernel: result, record: nil)
  }

  private static func stale(_ kernel: Manifest.Kernel, _ reason: String) -> KernelJob.Outcome {
    var result = GateReport.Kernel(kernel)
    result.stale([reason])
    return KernelJob.Outcome(kernel: result, record: nil)
  }

  // MARK: Records

  private func recordPath(_ name: String) -> String { "\(settings.proofs)/\(name).json" }

  /// Writes a record unless it is there already; its path, or nil and a remark where that fails.
  private func write(_ record: ProofRecord, _ kernel: inout GateReport.Kernel) -> String? {
    let path = recordPath(kernel.name)
    let full = manifest.folder + path
    let old = Files.read(full)
    if settings.isLocked { return path }
    guard settings.writesRecords else { return old == nil ? nil : path }
    var record = record
    if let known = old.flatMap(ProofRecord.init(text:)) { record.takeConfirmations(from: known) }
    guard let text = try? record.text() else { return nil }
    if old == text { return path }
    Files.makeFolders(manifest.folder + settings.proofs)
    if Files.replace(full, with: text, by: "\(full).new-\(getpid())") { return path }
    kernel.reason = "the record cannot be written: \(path)"
    return nil
  }

  // MARK: Whole kernels in the cache

  /// The digest of all that the verdict on a kernel follows from: the bytes of its files, what is
  /// asked of them, and this program.
  private func key(_ kernel: Manifest.Kernel) -> Digest? {
    guard let executable, !settings.isLocked else { return nil }
    let limits = kernel.limits
    // Z3 is a library of the system: another one may come without a new program.
    var parts = [executable.hexadecimal, Solvers.standard().description]
    parts += [kernel.name, kernel.code, kernel.symbol ?? "-"]
    parts += [kernel.isa ?? "-"] + kernel.cpus + ["\(limits.iterations)"]
    parts += limits.stages.map(\.rawValue).sorted()
    parts += kernel.provenance.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    var paths = [kernel.code]
    switch kernel.obligation {
    case .specification(let path):
      parts += ["specification", path]
      paths.append(path)
    case .reference(let argument, let specification, let prototype):
      parts += ["reference", argument, specification ?? "-", prototype ?? "-"]
      guard let input = try? InputArgument(argument) else { return nil }
      paths += [input.path] + (specification.map { [$0] } ?? [])
    }
    for path in paths {
      guard let bytes = Files.read(manifest.folder + path) else { return nil }
      parts.append(Digest(of: bytes).hexadecimal)
    }
    return Digest(of: parts.map { "\($0.utf8.count) \($0)\n" }.joined())
  }

  /// The proof of a kernel that the cache has.
  private func known(_ kernel: Manifest.Kernel, _ key: Digest?) -> KernelJob.Outcome? {
    guard let cache = settings.cache, let key,
      let contents = cache.read(.kernels, key),
      var outcome = try? RecordText.read(KernelJob.Outcome.self, contents),
      outcome.kernel.verdict == .proved, outcome.record != nil
    else { return nil }
    outcome.kernel.line = kernel.line
    outcome.kernel.column = kernel.column
    outcome.kernel.isCached = true
    outcome.damaged = []
    return outcome
  }

  /// Keeps a proof for the next run, unless its files changed since `key` was made: the worker may
  /// have read others then.
  private func remember(
    _ outcome: KernelJob.Outcome, of kernel: Manifest.Kernel, _ key: Digest?
  ) {
    guard let cache = settings.cache, outcome.kernel.verdict == .proved, outcome.record != nil,
      let key, self.key(kernel) == key,
      let contents = try? RecordText.compact(outcome)
    else { return }
    cache.write(.kernels, key, contents)
  }
}
