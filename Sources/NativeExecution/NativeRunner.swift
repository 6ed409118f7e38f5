/// Something that runs machine code of one ISA: this host's CPU, or an emulator.
public protocol NativeRunner: Sendable {
  /// The ISA of the code.
  var isa: NativeISA { get }

  /// Performs the jobs in order and returns a reply to each; `timeout` in seconds is for all of them.
  func perform(_ jobs: [NativeJob], timeout: Double?) throws(NativeError) -> [[UInt64]]
}

/// Some code and the states to run it from.
public struct NativeBatch: Sendable {
  /// The bytes to run, from the first.
  public var code: [UInt8]
  public var codeAddress: UInt64
  /// Where control may arrive, at most 64 addresses outside the code: the fall-through, branch
  /// targets. A landing with 7 bytes of room on x86-64 (4 on ARM64, within 120 MiB of the code)
  /// costs nothing; with less it costs a trap.
  public var landings: [UInt64]
  /// Memory that each state sets and each outcome returns; not on the code's page. What lies on its
  /// pages besides is writable and not compared.
  public var scratchAddress: UInt64
  /// A multiple of 8.
  public var scratchByteCount: Int
  /// Whether states and outcomes have the vector registers.
  public var vectors: Bool
  /// The states one after the other: general words, vector words if `vectors`, scratch words.
  public var states: [UInt64]

  public init(
    code: [UInt8], codeAddress: UInt64, landings: [UInt64], scratchAddress: UInt64,
    scratchByteCount: Int, vectors: Bool = false, states: [UInt64]
  ) {
    self.code = code
    self.codeAddress = codeAddress
    self.landings = landings
    self.scratchAddress = scratchAddress
    self.scratchByteCount = scratchByteCount
    self.vectors = vectors
    self.states = states
  }
}

extension NativeRunner {
  /// Runs batches in one process and returns the outcomes of each; `timeout` in seconds is for all.
  public func run(
    _ batches: [NativeBatch], timeout: Double?
  ) throws(NativeError) -> [NativeOutcomes] {
    let jobs = batches.map { batch in
      NativeJob(
        isa: isa, entry: batch.codeAddress,
        regions: [
          NativeRegion(address: batch.codeAddress, bytes: batch.code, isExecutable: true)
        ],
        landings: batch.landings, vectors: batch.vectors,
        scratch: (batch.scratchAddress, batch.scratchByteCount), states: batch.states,
        returnsRegions: false)
    }
    let replies = try perform(jobs, timeout: timeout)
    var outcomes: [NativeOutcomes] = []
    for index in jobs.indices {
      let words = try jobs[index].outcomes(in: replies[index])
      outcomes.append(
        self.outcomes(
          words, vectors: batches[index].vectors,
          scratchByteCount: batches[index].scratchByteCount))
    }
    return outcomes
  }

  /// Reads outcomes of this ISA.
  func outcomes(
    _ words: ArraySlice<UInt64>, vectors: Bool, scratchByteCount: Int
  ) -> NativeOutcomes {
    let vectorWords = vectors ? isa.vectorWordCount : 0
    let stride =
      NativeOutcomes.endingWordCount + isa.generalWordCount + vectorWords + scratchByteCount / 8
    return NativeOutcomes(
      words: words, generalWordCount: isa.generalWordCount, vectorWordCount: vectorWords,
      scratchWordCount: scratchByteCount / 8, count: words.count / stride)
  }
}
