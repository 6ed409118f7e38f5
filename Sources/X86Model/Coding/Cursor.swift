import MachineModel

/// The bytes of one instruction and how far they have been read.
struct Cursor {
  /// The first bytes, the first of them least significant.
  private let bits: UInt128
  /// How many bytes there are, at most 15: what an instruction may have.
  private let limit: Int
  private(set) var position = 0

  init(_ bytes: RawSpan) {
    limit = Swift.min(bytes.byteCount, 15)
    bits = Cursor.word(bytes)
  }

  /// - Parameter limit: how many of the bytes there are, at most 15.
  init(_ bits: UInt128, limit: Int) {
    self.bits = bits
    self.limit = limit
  }

  /// The first sixteen bytes as one word, zeros for those that are not there.
  private static func word(_ bytes: RawSpan) -> UInt128 {
    let count = bytes.byteCount
    if count >= 16 { return bytes.unsafeLoadUnaligned(as: UInt128.self) }
    if count >= 8 {
      let last = bytes.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      let high = last &>> UInt64(8 * (16 - count))
      return UInt128(bytes.unsafeLoadUnaligned(as: UInt64.self)) | UInt128(high) << 64
    }
    return (0..<count).reduce(0) { word, offset in
      let byte = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
      return word | UInt128(byte) << UInt128(8 * offset)
    }
  }

  /// Some bytes from the position on, zeros after the sixteenth.
  private var rest: UInt64 { UInt64(truncatingIfNeeded: bits &>> UInt128(8 * position)) }

  private var end: DecodingFailure { limit == 15 ? .tooLong : .truncated }

  @inline(__always)
  mutating func next() throws(DecodingFailure) -> UInt8 {
    guard position < limit else { throw end }
    let byte = UInt8(truncatingIfNeeded: rest)
    position += 1
    return byte
  }

  /// A little-endian value of `count` bytes, sign-extended.
  @inline(__always)
  mutating func signed(_ count: Int) throws(DecodingFailure) -> Int64 {
    guard position + count <= limit else { throw end }
    if count == 0 { return 0 }
    let shift = UInt64(64 - count * 8)
    let value = Int64(bitPattern: rest &<< shift) &>> Int64(shift)
    position += count
    return value
  }
}

/// Why decoding stopped, without what `DecodingError` says about the place.
struct DecodingFailure: Error {
  let kind: DecodingError.Kind
  let reason: String

  static let truncated = DecodingFailure(
    kind: .truncated, reason: "the bytes end within an instruction")
  static let tooLong = DecodingFailure(
    kind: .invalid, reason: "an instruction has at most 15 bytes")

  static func invalid(_ reason: String) -> DecodingFailure {
    DecodingFailure(kind: .invalid, reason: reason)
  }

  static func unsupported(_ reason: String) -> DecodingFailure {
    DecodingFailure(kind: .unsupported, reason: reason)
  }
}
