import MachineModel
import Synchronization

/// A row as decoding reads it: plain memory that lives as long as the process, so that nothing is
/// counted or allocated for an instruction.
struct RowProgram {
  private let readers: UnsafeBufferPointer<OperandReader>
  private let exclusions: UnsafeBufferPointer<BitDiagram.Exclusion>
  private let bank: UnsafePointer<Register>
  private let hasTwins: Bool
  /// Whether every operand has a reader.
  let isComplete: Bool
  /// Whether there is more to look at: restrictions on registers, or redundant bits.
  let isPlain: Bool

  init(_ layout: Layout) {
    readers = RowProgram.copy(layout.operands.map { OperandReader($0) })
    exclusions = RowProgram.copy(layout.diagram.exclusions)
    bank = RegisterBank.start
    hasTwins = !layout.diagram.twins.isEmpty
    isComplete = readers.allSatisfy { $0.kind != .other }
    isPlain = layout.restrictions.isEmpty && layout.redundancy == nil
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = memory.initialize(from: elements)
    return UnsafeBufferPointer(memory)
  }

  /// Whether a word with the row's fixed bits has none of the excluded values; nil where the diagram
  /// has to be asked.
  func matches(_ word: UInt32) -> Bool? {
    if hasTwins { return nil }
    for index in 0..<exclusions.count
    where word & exclusions[index].mask == exclusions[index].value { return false }
    return true
  }

  /// Reads the operands; false if a field is reserved.
  func read(_ word: UInt32, at address: UInt64, into operands: inout Operands) -> Bool {
    for index in 0..<readers.count
    where !readers[index].read(word, at: address, bank, into: &operands) { return false }
    return true
  }
}

/// The rows, each compiled when first needed: a command looks at few of them.
final class LazyRows: @unchecked Sendable {
  private let forms: [Form]
  private let layouts: UnsafeMutablePointer<Atomic<UInt>>
  private let programs: UnsafeMutablePointer<Atomic<UInt>>

  init(_ forms: [Form]) {
    self.forms = forms
    layouts = LazyRows.empty(forms.count)
    programs = LazyRows.empty(forms.count)
  }

  private static func empty(_ count: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
    let result = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: count)
    for index in 0..<count { (result + index).initialize(to: Atomic(0)) }
    return result
  }

  /// The row of a form.
  func layout(_ index: Int) -> Layout {
    if let known = UnsafeRawPointer(bitPattern: layouts[index].load(ordering: .acquiring)) {
      return Unmanaged<Layout>.fromOpaque(known).takeUnretainedValue()
    }
    let new = Unmanaged.passRetained(
      Layout(syntax: forms[index].syntax, encoding: forms[index].encoding))
    let (isStored, old) = layouts[index].compareExchange(
      expected: 0, desired: UInt(bitPattern: new.toOpaque()), ordering: .acquiringAndReleasing)
    guard !isStored, let known = UnsafeRawPointer(bitPattern: old) else {
      return new.takeUnretainedValue()
    }
    new.release()
    return Unmanaged<Layout>.fromOpaque(known).takeUnretainedValue()
  }

  /// The same row as decoding reads it. Two threads may make it at once; one of the two is kept.
  func program(_ index: Int) -> UnsafePointer<RowProgram> {
    if let known = UnsafePointer<RowProgram>(
      bitPattern: programs[index].load(ordering: .acquiring))
    {
      return known
    }
    let new = UnsafeMutablePointer<RowProgram>.allocate(capacity: 1)
    new.initialize(to: RowProgram(layout(index)))
    programs[index].store(UInt(bitPattern: new), ordering: .releasing)
    return UnsafePointer(new)
  }
}
