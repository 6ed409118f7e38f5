import NativeExecution

/// One instruction with the states to try, at addresses fit for both ISAs.
struct Probe {
  static let code: UInt64 = 0x2000_0000
  static let scratch: UInt64 = 0x2001_0000
  static let scratchByteCount = 64

  let runner: any NativeRunner
  var bytes: [UInt8]
  /// Offsets from the code's start.
  var landings: [UInt64]
  var vectors = false
  private(set) var states: [UInt64] = []

  init(_ runner: any NativeRunner, _ bytes: [UInt8], landings: [UInt64] = []) {
    self.runner = runner
    self.bytes = bytes
    self.landings = [UInt64(bytes.count)] + landings
  }

  /// Adds a state: registers by number, vector words and scratch words by index, the rest zero.
  mutating func add(
    _ general: [Int: UInt64], vectors: [Int: UInt64] = [:], scratch: [Int: UInt64] = [:]
  ) {
    states += words(general, runner.isa.generalWordCount)
    if self.vectors { states += words(vectors, runner.isa.vectorWordCount) }
    states += words(scratch, Self.scratchByteCount / 8)
  }

  /// The batch.
  var batch: NativeBatch {
    NativeBatch(
      code: bytes, codeAddress: Self.code, landings: landings.map { Self.code + $0 },
      scratchAddress: Self.scratch, scratchByteCount: Self.scratchByteCount, vectors: vectors,
      states: states)
  }

  /// Runs the batch alone.
  func run(timeout: Double = 60) throws -> NativeOutcomes {
    try runner.run([batch], timeout: timeout)[0]
  }

  /// Runs it from one state.
  static func run(
    _ runner: any NativeRunner, _ bytes: [UInt8], landings: [UInt64] = [],
    _ general: [Int: UInt64], vectors: [Int: UInt64]? = nil, scratch: [Int: UInt64] = [:]
  ) throws -> NativeOutcomes {
    var probe = Probe(runner, bytes, landings: landings)
    probe.vectors = vectors != nil
    probe.add(general, vectors: vectors ?? [:], scratch: scratch)
    return try probe.run()
  }

  private func words(_ values: [Int: UInt64], _ count: Int) -> [UInt64] {
    (0..<count).map { values[$0] ?? 0 }
  }
}

extension NativeOutcomes {
  /// A general register of the first state.
  func register(_ number: Int, of index: Int = 0) -> UInt64 {
    let general = general(of: index)
    return general[general.startIndex + number]
  }

  /// A word of the first state's scratch.
  func word(_ number: Int) -> UInt64 {
    let scratch = scratch(of: 0)
    return scratch[scratch.startIndex + number]
  }
}

/// The words of an instruction sequence as bytes.
func bytes(_ words: UInt32...) -> [UInt8] {
  words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}
