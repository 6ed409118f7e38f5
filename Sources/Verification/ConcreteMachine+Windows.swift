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
