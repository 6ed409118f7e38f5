/// The immediates of the logical instructions: a run of ones, rotated within an element of 2 to 64
/// bits, and the element repeated (Arm ARM, shared pseudocode, DecodeBitMasks).
enum BitmaskImmediate {
  /// The value of the fields `N:immr:imms` for a `width` of 32 or 64; nil where reserved.
  static func decode(n: UInt32, immr: UInt32, imms: UInt32, width: Int) -> UInt64? {
    if width == 32, n == 1 { return nil }
    let combined = n << 6 | (~imms & 0x3F)
    guard combined > 1 else { return nil }
    let length = 31 - combined.leadingZeroBitCount
    let size = UInt64(1) << UInt64(length)
    let levels = UInt64(size - 1)
    let (s, r) = (UInt64(imms) & levels, UInt64(immr) & levels)
    if s == levels { return nil }
    let ones = UInt64.max >> (63 - s)
    let element = mask(size) & (r == 0 ? ones : ones >> r | ones << (size - r))
    return replicate(element, size: size) & mask(UInt64(width))
  }

  /// The bits of `immr` that count: those of a position in an element.
  static func levels(_ fields: BitfieldFields, _ word: UInt32) -> UInt32 {
    levels(n: fields.n?.value(in: word) ?? 0, imms: fields.imms.value(in: word))
  }

  /// The same for the values of `N` and `imms`.
  static func levels(n: UInt32, imms: UInt32) -> UInt32 {
    let combined = n << 6 | (~imms & 0x3F)
    return combined == 0 ? 0 : 1 << UInt32(31 - combined.leadingZeroBitCount) - 1
  }

  /// The fields of `value`, of `width` bits; nil if no fields stand for it.
  static func encode(_ value: UInt64, width: Int) -> (n: UInt32, immr: UInt32, imms: UInt32)? {
    let whole = width == 32 ? replicate(value & mask(32), size: 32) : value
    if whole == 0 || whole == .max || (width == 32 && value > mask(32)) { return nil }
    var size: UInt64 = 64
    while size > 2 {
      let half = size / 2
      if whole & mask(half) != whole >> half & mask(half) { break }
      size = half
    }
    let element = whole & mask(size)
    let count = UInt64(element.nonzeroBitCount)
    for rotation in 0..<size where rotate(element, left: rotation, size: size) == mask(count) {
      let prefix = ~(size * 2 - 1) & 0x3F
      return (size == 64 ? 1 : 0, UInt32(rotation), UInt32(prefix | (count - 1)))
    }
    return nil
  }

  /// Whether the alias MOV of a logical immediate gives way to MOVZ or MOVN of the same value
  /// (Arm ARM, shared pseudocode, MoveWidePreferred).
  static func prefersMoveWide(_ value: UInt64, width: Int) -> Bool {
    let all = mask(UInt64(width))
    return stride(from: UInt64(0), to: UInt64(width), by: 16).contains { shift in
      let hole = UInt64(0xFFFF) << shift
      return value & ~hole == 0 || ~value & all & ~hole == 0
    }
  }

  private static func mask(_ width: UInt64) -> UInt64 { .max >> (64 - width) }

  private static func replicate(_ element: UInt64, size: UInt64) -> UInt64 {
    var (result, size) = (element, size)
    while size < 64 {
      result |= result << size
      size *= 2
    }
    return result
  }

  private static func rotate(_ element: UInt64, left count: UInt64, size: UInt64) -> UInt64 {
    count == 0 ? element : (element << count | element >> (size - count)) & mask(size)
  }
}
