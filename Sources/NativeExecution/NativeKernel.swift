/// A whole kernel with the one state to run it from, such as a counterexample.
public struct NativeKernel: Sendable {
  /// Code, read-only data, buffers and the stack, each at its address.
  public var regions: [NativeRegion]
  /// Where to begin.
  public var entry: UInt64
  /// Where the kernel returns to: the run ends there. No region has its byte; on ARM64 it is within
  /// 120 MiB of the entry. The caller puts it on the stack or into x30.
  public var returnAddress: UInt64
  /// The general registers, as `NativeISA` orders them.
  public var general: [UInt64]
  /// The vector registers, or nil for whatever they happen to hold.
  public var vectors: [UInt64]?

  public init(
    regions: [NativeRegion], entry: UInt64, returnAddress: UInt64, general: [UInt64],
    vectors: [UInt64]? = nil
  ) {
    self.regions = regions
    self.entry = entry
    self.returnAddress = returnAddress
    self.general = general
    self.vectors = vectors
  }
}

/// What a kernel's run left behind.
public struct NativeKernelOutcome: Sendable, Hashable {
  /// How it ended; `unfinished` is the time limit or the loss of the process.
  public let ending: NativeEnding
  /// The general registers at the end or at the signal; without meaning if unfinished.
  public let general: [UInt64]
  /// The vector registers at the end (after a signal: at the start), or empty if none were given.
  public let vectors: [UInt64]
  /// The writable regions' final contents in the given order; without meaning if unfinished.
  public let regions: [[UInt8]]
}

extension NativeRunner {
  /// Runs a kernel until it returns, faults, or `timeout` seconds have passed.
  public func run(
    _ kernel: NativeKernel, timeout: Double
  ) throws(NativeError) -> NativeKernelOutcome {
    precondition(
      kernel.general.count == isa.generalWordCount,
      "\(kernel.general.count) registers instead of \(isa.generalWordCount)")
    let job = NativeJob(
      isa: isa, entry: kernel.entry, regions: kernel.regions, landings: [kernel.returnAddress],
      vectors: kernel.vectors != nil, scratch: (0, 0),
      states: kernel.general + (kernel.vectors ?? []), returnsRegions: true)
    let reply = try perform([job], timeout: timeout)[0]
    let outcomes = outcomes(
      try job.outcomes(in: reply), vectors: kernel.vectors != nil, scratchByteCount: 0)
    let ending = outcomes.ending(of: 0)
    return NativeKernelOutcome(
      ending: ending == .notRun ? .unfinished : ending, general: Array(outcomes.general(of: 0)),
      vectors: Array(outcomes.vectors(of: 0)), regions: job.regions(in: reply))
  }
}
