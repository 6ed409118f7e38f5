/// The end of the data was reached, or a number in it is malformed.
struct EndOfData: Error {}

/// Reads little-endian numbers from a range of bytes and never leaves it.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var position: Int
  private(set) var end: Int

  /// Reads `bytes` from `position` up to `end`, which must lie in it.
  init(_ bytes: [UInt8], from position: Int = 0, to end: Int? = nil) {
    self.bytes = bytes
    self.position = position
    self.end = end ?? bytes.count
  }

  /// Whether nothing is left.
  var isAtEnd: Bool { position >= end }

  /// The number in the next `count` bytes, at most eight.
  mutating func integer(_ count: Int) throws(EndOfData) -> UInt64 {
    guard count <= end - position else { throw EndOfData() }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }

  /// The next byte.
  mutating func byte() throws(EndOfData) -> UInt8 {
    guard position < end else { throw EndOfData() }
    defer { position += 1 }
    return bytes[position]
  }

  /// An unsigned LEB128 number, modulo 2⁶⁴.
  mutating func unsignedLEB() throws(EndOfData) -> UInt64 {
    try leb().value
  }

  /// A signed LEB128 number, modulo 2⁶⁴.
  mutating func signedLEB() throws(EndOfData) -> Int64 {
    let (value, bits, last) = try leb()
    guard bits < 64, last & 0x40 != 0 else { return Int64(bitPattern: value) }
    return Int64(bitPattern: value | ~0 << bits)
  }

  /// A LEB128 number, its width in bits and its last byte.
  private mutating func leb() throws(EndOfData) -> (value: UInt64, bits: UInt64, last: UInt8) {
    var value: UInt64 = 0
    var bits: UInt64 = 0
    while true {
      let next = try byte()
      if bits < 64 { value |= UInt64(next & 0x7f) << bits }
      bits = min(bits + 7, 70)
      if next & 0x80 == 0 { return (value, bits, next) }
    }
  }

  /// Passes over `count` bytes.
  mutating func skip(_ count: UInt64) throws(EndOfData) {
    guard count <= UInt64(end - position) else { throw EndOfData() }
    position += Int(count)
  }

  /// Passes over a zero-terminated string and gives where it begins and ends.
  mutating func string() throws(EndOfData) -> Range<Int> {
    let start = position
    while try byte() != 0 {}
    return start..<position - 1
  }

  /// A cursor over the next `count` bytes, which this one passes over.
  mutating func part(_ count: UInt64) throws(EndOfData) -> ByteCursor {
    let start = position
    try skip(count)
    return ByteCursor(bytes, from: start, to: position)
  }
}
