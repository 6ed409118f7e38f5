/// Code as a matcher has written it: the bytes that are complete, and where instructions end.
struct WrittenCode: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []

  /// Adds a byte, the last one of an instruction or not.
  @inline(__always)
  mutating func append(_ byte: UInt8, isEnd: Bool) {
    bytes.append(byte)
    if isEnd { ends.append(bytes.count) }
  }

  /// The bytes of the instruction that was only begun.
  var openBytes: ArraySlice<UInt8> { bytes[(ends.last ?? 0)...] }

  /// How many bytes and instructions there are.
  var mark: (bytes: Int, instructions: Int) { (bytes.count, ends.count) }

  /// Takes back what was written since there were so many bytes and instructions.
  mutating func cut(to mark: (bytes: Int, instructions: Int)) {
    bytes.removeLast(bytes.count - mark.bytes)
    ends.removeLast(ends.count - mark.instructions)
  }
}
