import MachineModel

/// What an input puts into memory, and what code may access.
final class LaneStart {
  let slide: UInt64
  let returnAddress: UInt64
  let stackPointer: UInt64
  fileprivate let windows: [ConcreteMemory.Window]
  /// What the input fixes; all other bytes are undefined, and zero.
  fileprivate let fixed: [UInt64: UInt8]

  init(_ input: ConcreteInput, _ windows: [ConcreteMemory.Window]) {
    slide = input.codeSlide
    returnAddress = input.returnAddress
    stackPointer = input.stackPointer
    self.windows = windows
    var fixed = input.stack
    for buffer in input.buffers {
      for (index, byte) in buffer.bytes.enumerated() {
        fixed[buffer.address &+ UInt64(index)] = byte
      }
    }
    self.fixed = fixed
  }

  /// Whether code of these segments lies where nothing else is, so that reading it is simple.
  func isApart(from segments: [Segment]) -> Bool {
    !segments.contains { segment in
      let start = segment.address &+ slide
      let count = UInt64(segment.bytes.count)
      return windows.contains { $0.contains(start) || $0.start &- start < count }
    }
  }
}

/// The memory of one lane: what an input puts there, and what was written since.
final class LaneMemory {
  private let start: LaneStart
  private let segments: [Segment]
  /// Bytes written, and nil for those released.
  private var written: [UInt64: UInt8?] = [:]
  /// Whether a byte got another value since this was last reset.
  var isChanged = false

  init(_ start: LaneStart, _ segments: [Segment]) {
    self.start = start
    self.segments = segments
  }

  private func codeByte(_ address: UInt64) -> UInt8? {
    let place = address &- start.slide
    for segment in segments where place &- segment.address < UInt64(segment.bytes.count) {
      return segment.bytes[Int(place &- segment.address)]
    }
    return nil
  }

  /// Whether each byte may be read, or written.
  func allows(_ address: UInt64, _ byteCount: Int, isWrite: Bool) -> Bool {
    (0..<UInt64(byteCount)).allSatisfy { index in
      let byte = address &+ index
      return start.windows.contains { $0.contains(byte) && ($0.isWritable || !isWrite) }
        || !isWrite && codeByte(byte) != nil
    }
  }

  func byte(_ address: UInt64) -> UInt8 {
    if !written.isEmpty, let own = written[address] { return own ?? 0 }
    return start.fixed[address] ?? codeByte(address) ?? 0
  }

  func bytes(_ address: UInt64, _ count: Int) -> [UInt8] {
    (0..<UInt64(count)).map { byte(address &+ $0) }
  }

  func write(_ address: UInt64, _ byte: UInt8) {
    if self.byte(address) != byte { isChanged = true }
    written[address] = .some(byte)
  }

  /// Makes bytes what nothing initialised is.
  func release(_ range: Range<UInt64>) {
    for address in range
    where written[address].map({ $0 != nil }) ?? (start.fixed[address] != nil) {
      written[address] = .some(nil)
      isChanged = true
    }
  }
}
