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
  private let segments: [Segment]
  private var bytes: SparseBytes
  /// Whether a byte got another value since this was last reset.
  var isChanged = false

  init(_ start: LaneStart, _ segments: [Segment]) {
    self.start = start
    self.segments = segments
    bytes = start.fixed
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

  func write(_ address: UInt64, _ byte: UInt8) {
    if self.byte(address) != byte { isChanged = true }
    bytes[address] = byte
  }

  /// Makes bytes what nothing initialised is.
  func release(_ range: ClosedRange<UInt64>) {
    if bytes.remove(range) { isChanged = true }
  }
}
