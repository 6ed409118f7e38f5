import MachineModel

/// What an input puts into memory, and what code may access.
final class LaneStart {
  let slide: UInt64
  let returnAddress: UInt64
  let stackPointer: UInt64
  fileprivate let windows: [ConcreteMemory.Window]
  /// What the input fixes; all other bytes are undefined, and zero.
  fileprivate let fixed: SparseBytes

  init(_ input: ConcreteInput, _ windows: [ConcreteMemory.Window]) {
    slide = input.codeSlide
    returnAddress = input.returnAddress
    stackPointer = input.stackPointer
    self.windows = windows
    fixed = SparseBytes(input)
  }

  /// Whether code of these segments lies where nothing else is, so that reading it is simple.
  func isApart(from segments: [Segment]) -> Bool {
    windows.isApart(from: segments, slide: slide)
  }
}

/// The memory of one lane: what an input puts there, and what was written since.
final class LaneMemory {
  private let start: LaneStart
  private var segments: [Segment] = []
  private var bytes: SparseBytes
  private var isWritten = false
  /// Whether a byte got another value since this was last reset.
  var isChanged = false

  init(_ start: LaneStart) {
    self.start = start
    bytes = start.fixed
  }

  /// How far the code is from its addresses in the file, in bytes.
  var slide: UInt64 { start.slide }

  /// Makes it what the input puts there, besides code of these segments.
  func begin(_ segments: [Segment]) {
    self.segments = segments
    if isWritten { bytes.become(start.fixed) }
    (isWritten, isChanged) = (false, false)
  }

  private func codeByte(_ address: UInt64) -> UInt8? {
    segments.byte(at: address &- start.slide)
  }

  /// Whether each byte may be read, or written.
  func allows(_ address: UInt64, _ byteCount: Int, isWrite: Bool) -> Bool {
    start.windows.contains { $0.contains(address, byteCount) && ($0.isWritable || !isWrite) }
      || (0..<UInt64(byteCount)).allSatisfy { index in
        let byte = address &+ index
        return start.windows.contains { $0.contains(byte) && ($0.isWritable || !isWrite) }
          || !isWrite && codeByte(byte) != nil
      }
  }

  func byte(_ address: UInt64) -> UInt8 { bytes[address] ?? codeByte(address) ?? 0 }

  func bytes(_ address: UInt64, _ count: Int) -> [UInt8] {
    (0..<UInt64(count)).map { byte(address &+ $0) }
  }

  /// The number in `count` bytes, at most eight, the lowest first.
  func word(_ address: UInt64, _ count: Int) -> UInt64 {
    bytes.word(address, count)
      ?? (0..<UInt64(count)).reversed().reduce(0) { $0 << 8 | UInt64(byte(address &+ $1)) }
  }

  /// Writes the lowest `count` bytes of a number, at most eight.
  func write(_ address: UInt64, _ count: Int, _ word: UInt64) {
    let number = count < 8 ? word & (1 << UInt64(8 * count) - 1) : word
    if self.word(address, count) != number { isChanged = true }
    isWritten = true
    bytes.set(address, count, number)
  }

  /// Makes bytes what nothing initialised is.
  func release(_ range: ClosedRange<UInt64>) {
    guard bytes.remove(range) else { return }
    (isWritten, isChanged) = (true, true)
  }
}
