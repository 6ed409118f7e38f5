import BinVerify
import Glibc
import Isolation

/// Runs the gate: every kernel of a manifest, several at a time, each in a process of its own.
public struct GateRunner {
  /// How a run is made.
  public struct Settings {
    /// How many kernels are worked on at a time; nil for as many as there are processors and memory
    /// for.
    public var workers: Int?
    /// Nil for no cache.
    public var cache: Cache?
    /// Whether proofs have to be on record, and no solver is started.
    public var isLocked = false
    /// Where records are, relative to the manifest's folder.
    public var proofs = "proofs"
    /// Whether records of new proofs are written.
    public var writesRecords = true
    /// Keys that sign the record of each proof; none for no signatures.
    public var signers: [SigningKey] = []
    /// Under `isLocked`: a record counts only with a signature by one of these; none for any record.
    public var keys: [VerifyingKey] = []
    /// Called when a kernel is done, with how many are; in order of completion.
    public var onProgress: (_ done: Int, _ count: Int, _ name: String) -> Void = { _, _, _ in }

    public init() {}
  }

  /// The processors that are on line.
  public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The machine's memory in bytes.
  static var memory: UInt64 {
    UInt64(max(1, sysconf(Int32(_SC_PHYS_PAGES)))) * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
  }

  /// Seconds that a worker has beyond the limit of its verification before it is ended.
  static let grace = 10.0

  let manifest: Manifest
  let settings: Settings
  private let words: CounterexampleWords
  private let store: RecordStore
  private let workers: Int
  /// Nil where whole kernels are not looked for in the cache.
  private let known: KernelCache?

  /// - Parameter words: shows a counterexample to people.
  public init(_ manifest: Manifest, _ settings: Settings, words: @escaping CounterexampleWords) {
    self.manifest = manifest
    self.settings = settings
    self.words = words
    store = RecordStore(folder: manifest.folder, proofs: settings.proofs)
    // So many that each may use its limit of memory.
    let largest = manifest.kernels.map(\.limits.memory).max() ?? 1
    workers =
      settings.workers ?? max(1, min(GateRunner.processorCount, Int(GateRunner.memory / largest)))
    known =
      settings.isLocked
      ? nil : settings.cache.flatMap { KernelCache($0, folder: manifest.folder) }
  }

  /// The report on `kernels`, those of the manifest unless given.
  public func run(_ kernels: [Manifest.Kernel]? = nil) -> GateReport {
    let start = ContinuousClock.now
    let kernels = kernels ?? manifest.kernels
    if !settings.isLocked { store.sweep() }
    let entries = known?.entries(of: kernels) ?? kernels.map { _ in KernelCache.Entry() }
    let keys = entries.map(\.key)
    var outcomes = entries.map(\.proof)
    let open = outcomes.indices.filter { outcomes[$0] == nil }
    prove(open, kernels, keys, &outcomes)
    var report = GateReport(manifest: manifest.file, kernels: [], seconds: 0, damaged: [])
    for (kernel, outcome) in zip(kernels, outcomes) {
      guard var outcome else { continue }
      if let record = outcome.record { keep(record, &outcome.kernel, &report) }
      if outcome.kernel.verdict == .inconclusive {
        // Whatever kept a proof on record from being found again: nothing vouches for the code.
        if settings.isLocked {
          let reason = outcome.kernel.reason.map { ": \($0)" } ?? ""
          outcome.kernel.stale(["its proof was not found again" + reason])
        } else {
          outcome.kernel.isTolerated = outcome.isAnswer && kernel.tolerance == .warn
        }
      }
      report.kernels.append(outcome.kernel)
      report.damaged += outcome.damaged
    }
    report.damaged += settings.cache?.damaged ?? []
    if !open.isEmpty { settings.cache?.prune() }
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
      count: open.count, width: workers,
      limits: {
        let limits = fair(kernels[open[$0]]).limits
        return IsolatedPool.Limits(
          timeout: limits.seconds + GateRunner.grace, memory: limits.memory)
      },
      body: { (try? RecordText.compact(self.work(on: fair(kernels[open[$0]])))) ?? [] },
      done: { index, ending in
        let kernel = kernels[open[index]]
        let outcome = GateRunner.outcome(kernel, ending)
        results[open[index]] = outcome
        done += 1
        settings.onProgress(done, kernels.count, kernel.name)
        known?.remember(outcome, of: kernel, keys[open[index]])
      })
    for index in open where results[index] == nil {
      results[index] = GateRunner.unanswered(kernels[index], "interrupted")
    }
    outcomes = results
  }

  /// The kernel with the time that its limit means where more workers than processors share them.
  private func fair(_ kernel: Manifest.Kernel) -> Manifest.Kernel {
    var kernel = kernel
    kernel.limits.seconds *= max(1, Double(workers) / Double(GateRunner.processorCount))
    return kernel
  }

  /// What one worker does.
  private func work(on kernel: Manifest.Kernel) -> KernelJob.Outcome {
    var locked: ProofRecord?
    if settings.isLocked {
      switch store.read(kernel.name, verifiedBy: settings.keys) {
      case .success(let record): locked = record
      case .failure(let fault): return GateRunner.stale(kernel, fault.message)
      }
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
        return unanswered(kernel, "the worker's answer cannot be read")
      }
      return outcome
    case .timedOut: return open(kernel, "no answer after \(kernel.limits.seconds + grace) s")
    case .outOfMemory:
      return open(kernel, "out of memory: \(kernel.limits.memory >> 20) MiB")
    case .killed(let signal): return open(kernel, "the worker was ended by signal \(signal)")
    case .exited(let status): return open(kernel, "the worker ended with status \(status)")
    case .interrupted: return unanswered(kernel, "interrupted")
    case .outputTooLarge: return unanswered(kernel, "the worker's answer is too large")
    case .notStarted(let error):
      return unanswered(kernel, "no process for the worker: error \(error)")
    }
  }

  private static func open(_ kernel: Manifest.Kernel, _ reason: String) -> KernelJob.Outcome {
    var result = GateReport.Kernel(kernel)
    result.reason = reason
    return KernelJob.Outcome(kernel: result, record: nil)
  }

  /// What did not come to an end for another reason than the kernel.
  private static func unanswered(
    _ kernel: Manifest.Kernel, _ reason: String
  ) -> KernelJob.Outcome {
    var outcome = open(kernel, reason)
    outcome.isAnswer = false
    return outcome
  }

  private static func stale(_ kernel: Manifest.Kernel, _ reason: String) -> KernelJob.Outcome {
    var result = GateReport.Kernel(kernel)
    result.stale([reason])
    return KernelJob.Outcome(kernel: result, record: nil)
  }

  // MARK: Records

  /// Writes the record of a proof, and its envelope, unless they are there already.
  private func keep(
    _ record: String, _ kernel: inout GateReport.Kernel, _ report: inout GateReport
  ) {
    kernel.record = store.path(kernel.name)
    if settings.isLocked { return }
    if settings.writesRecords {
      if let unwritten = store.write(
        Array(record.utf8), kernel.name, signedBy: settings.signers)
      {
        report.unwritten.append(unwritten)
        kernel.record = nil
      }
    } else if !store.has(kernel.name) {
      kernel.record = nil
    }
  }
}
