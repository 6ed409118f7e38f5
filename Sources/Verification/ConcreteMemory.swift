import MachineModel
import Terms

/// Memory of bytes at addresses, which notes the first access that is not allowed.
final class ConcreteMemory: Memory {
  /// Addresses that may be read, and perhaps written.
  struct Window {
    let start: UInt64
    /// The length in bytes; the last of them may be the last of memory.
    let count: UInt64
    let isWritable: Bool

    func contains(_ address: UInt64) -> Bool { address &- start < count }

    /// Whether it has all bytes of an access.
    func contains(_ address: UInt64, _ byteCount: Int) -> Bool {
      let offset = address &- start
      return offset < count && UInt64(byteCount) <= count - offset
    }
  }

  /// An access that no window allows.
  struct Violation: Error, Hashable {
    let isWrite: Bool
    let address: UInt64
    let byteCount: Int
  }

  /// A run of bytes written.
  struct Write: Hashable {
    let address: UInt64
    let value: BitVector
  }

  /// What the input put there and the run wrote.
  private(set) var bytes: SparseBytes
  private let code: Code
  private let segments: [Segment]
  private let slide: UInt64
  private let windows: [Window]
  private let choice: UndefinedChoice
  private(set) var violation: Violation?
  /// What was read that the code's file does not tell.
  private(set) var unresolved: UnresolvedReference?
  /// The stores since the list was last emptied.
  var writes: [Write] = []

  /// - Parameters:
  ///   - code: is `slide` bytes from its addresses, and may be read.
  ///   - windows: what may be accessed besides.
  init(
    bytes: SparseBytes, code: Code, slide: UInt64, windows: [Window],
    choice: UndefinedChoice
  ) {
    self.bytes = bytes
    self.code = code
    segments = code.segments(at: slide, unknown: choice.byte)
    self.slide = slide
    self.windows = windows
    self.choice = choice
  }

  func byte(_ address: UInt64) -> UInt8 {
    segments.byte(at: address &- slide) ?? bytes[address] ?? choice.byte(at: address)
  }

  /// Makes a byte what nothing initialised is.
  func release(_ range: ClosedRange<UInt64>) {
    if bytes.remove(range) { isChanged = true }
  }

  /// Whether each byte is in some window that allows the access.
  private func check(_ address: UInt64, _ byteCount: Int, isWrite: Bool) {
    let isAllowed =
      windows.contains { $0.contains(address, byteCount) && ($0.isWritable || !isWrite) }
      || (0..<UInt64(byteCount)).allSatisfy { index in
        windows.contains { $0.contains(address &+ index) && ($0.isWritable || !isWrite) }
          || !isWrite && segments.byte(at: address &+ index &- slide) != nil
      }
    if !isWrite, unresolved == nil { unresolved = code.unresolved(at: address &- slide, byteCount) }
    if !isAllowed, violation == nil {
      violation = Violation(isWrite: isWrite, address: address, byteCount: byteCount)
    }
  }

  /// Notes that an access to the stack lies outside the part in use.
  func forbid(_ address: UInt64, _ byteCount: Int, isWrite: Bool) {
    if violation == nil {
      violation = Violation(isWrite: isWrite, address: address, byteCount: byteCount)
    }
  }

  /// Whether a byte got another value since this was last reset.
  var isChanged = false

  /// The accesses of the current instruction, for the check against the stack pointer.
  var accesses: [Violation] = []

  func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    guard !choice.resolve(condition, terms).isZero else {
      return terms.constant(0, width: byteCount * 8)
    }
    let start = choice.resolve(address, terms).low
    check(start, byteCount, isWrite: false)
    accesses.append(Violation(isWrite: false, address: start, byteCount: byteCount))
    return terms.constant(BitVector(bytes: (0..<byteCount).map { byte(start &+ UInt64($0)) }))
  }

  func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    guard !choice.resolve(condition, terms).isZero else { return }
    let start = choice.resolve(address, terms).low
    let bits = choice.resolve(value, terms)
    let byteCount = bits.width / 8
    check(start, byteCount, isWrite: true)
    accesses.append(Violation(isWrite: true, address: start, byteCount: byteCount))
    for (index, new) in bits.bytes.enumerated() {
      let address = start &+ UInt64(index)
      if byte(address) != new { isChanged = true }
      bytes[address] = new
    }
    writes.append(Write(address: start, value: bits))
  }
}
