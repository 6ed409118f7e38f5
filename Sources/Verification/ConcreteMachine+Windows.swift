import Contracts
import MachineModel

extension ConcreteMachine {
  /// What the code may access besides itself.
  static func windows(
    _ architecture: any Architecture, _ input: ConcreteInput, _ layout: Layout
  ) -> [ConcreteMemory.Window] {
    var windows: [ConcreteMemory.Window] = []
    func add(_ start: UInt64, _ count: UInt64, _ isWritable: Bool) {
      windows.append(.init(start: start, count: count, isWritable: isWritable))
    }
    for buffer in input.buffers {
      add(buffer.address, UInt64(buffer.bytes.count), !buffer.type.isConst)
    }
    if layout.clobbers == nil {
      let convention = architecture.convention
      let limit = UInt64(EntryState.stackLimit)
      add(input.stackPointer &- limit, limit, true)
      if convention.returnAddress == .stack { add(input.stackPointer, 8, false) }
      add(
        input.stackPointer &+ UInt64(convention.firstStackArgument),
        UInt64(layout.stackArgumentBytes), true)
    }
    return windows
  }
}

extension [ConcreteMemory.Window] {
  /// Whether code of these segments, `slide` bytes from its addresses, has no byte in common with any.
  func isApart(from segments: [Segment], slide: UInt64) -> Bool {
    !segments.contains { segment in
      let start = segment.address &+ slide
      let count = UInt64(segment.bytes.count)
      return contains { $0.contains(start) || $0.count > 0 && $0.start &- start < count }
    }
  }
}

extension ConcreteInput {
  /// Whether it is one for this code: `requires` holds, and neither buffers nor stack lie in the code's own file.
  func isInput(of stream: InstructionStream, _ contract: Contract, _ layout: Layout) -> Bool {
    permits(contract)
      && ConcreteMachine.windows(stream.architecture, self, layout)
        .isApart(from: stream.code.segments, slide: codeSlide)
  }
}
