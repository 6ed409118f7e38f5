/// A concrete bit-vector: `width` bits, two's complement, least significant word first.
///
/// Bits above `width` in the last word are always zero.
public struct BitVector: Hashable, Sendable {
  public let width: Int
  public let words: [UInt64]

  /// How many 64-bit words hold `width` bits.
  public static func wordCount(_ width: Int) -> Int { (width + 63) / 64 }

  /// The mask of the bits that the last word of a `width`-bit vector uses.
  static func lastMask(_ width: Int) -> UInt64 {
    width % 64 == 0 ? .max : (1 << UInt64(width % 64)) - 1
  }

  /// The vector whose words are `words`, missing ones zero and bits above `width` dropped.
  public init(words: [UInt64], width: Int) {
    precondition(width > 0, "a bit-vector has at least one bit, not \(width)")
    let count = BitVector.wordCount(width)
    var kept = words.count == count ? words : Array(words.prefix(count))
    while kept.count < count { kept.append(0) }
    kept[count - 1] &= BitVector.lastMask(width)
    self.width = width
    self.words = kept
  }

  /// The low `width` bits of `value`, zero-extended beyond 64.
  public init(_ value: UInt64, width: Int) { self.init(words: [value], width: width) }

  /// `value` modulo 2^width, sign-extended beyond 64 bits.
  public init(signed value: Int64, width: Int) {
    let fill: UInt64 = value < 0 ? .max : 0
    var words = [UInt64(bitPattern: value)]
    while words.count < BitVector.wordCount(width) { words.append(fill) }
    self.init(words: words, width: width)
  }

  /// The low `width` bits of a 128-bit value.
  public init(wide value: UInt128, width: Int) {
    self.init(words: [UInt64(truncatingIfNeeded: value), UInt64(value >> 64)], width: width)
  }

  public static func zero(_ width: Int) -> BitVector { BitVector(0, width: width) }

  public static func ones(_ width: Int) -> BitVector { BitVector(signed: -1, width: width) }

  public var isZero: Bool { words.allSatisfy { $0 == 0 } }

  public var isAllOnes: Bool { self == BitVector.ones(width) }

  /// The low 64 bits.
  public var low: UInt64 { words[0] }

  /// The low 128 bits.
  var low128: UInt128 {
    UInt128(words[0]) | (words.count > 1 ? UInt128(words[1]) << 64 : 0)
  }

  /// The value if it fits 64 bits.
  public var asUInt64: UInt64? { words.dropFirst().allSatisfy { $0 == 0 } ? words[0] : nil }

  /// The low 64 bits of the sign-extended value.
  public var signedLow: Int64 {
    guard width < 64 else { return Int64(bitPattern: words[0]) }
    let shift = UInt64(64 - width)
    return Int64(bitPattern: words[0] << shift) >> Int64(shift)
  }

  /// Bit `index`, counted from the least significant.
  public func bit(_ index: Int) -> Bool { words[index / 64] >> UInt64(index % 64) & 1 == 1 }

  public var signBit: Bool { bit(width - 1) }

  /// The exponent if the value is a power of two.
  public var powerOfTwo: Int? {
    guard words.reduce(0, { $0 + $1.nonzeroBitCount }) == 1 else { return nil }
    return trailingZeroBits
  }

  /// The number of zero bits below the lowest set one; `width` for zero.
  public var trailingZeroBits: Int {
    for (index, word) in words.enumerated() where word != 0 {
      return index * 64 + word.trailingZeroBitCount
    }
    return width
  }

  /// Upper-case-free hexadecimal digits, four bits each, without a prefix.
  public var hexDigits: String {
    let digits = (width + 3) / 4
    return String(
      (0..<digits).reversed().map { index -> Character in
        let nibble = Int(words[index / 16] >> UInt64(index % 16 * 4) & 15)
        return "0123456789abcdef"[
          "0123456789abcdef".index("0123456789abcdef".startIndex, offsetBy: nibble)]
      })
  }

  /// SMT-LIB notation: `#x…` where the width is a multiple of four, `#b…` otherwise.
  public var smtlib: String {
    width % 4 == 0
      ? "#x" + hexDigits
      : "#b" + String((0..<width).reversed().map { bit($0) ? "1" : "0" })
  }

  /// The unsigned value in decimal.
  public var decimal: String {
    if let small = asUInt64 { return String(small) }
    if width <= 128 { return String(low128) }
    var digits: [String] = []
    var rest = self
    let billion = BitVector(1_000_000_000, width: width)
    while !rest.isZero {
      let chunk = String(rest.remainder(unsigned: billion).low)
      rest = rest.dividing(unsigned: billion)
      digits.append(
        rest.isZero ? chunk : String(repeating: "0", count: 9 - chunk.count) + chunk)
    }
    return digits.reversed().joined()
  }

  /// The two's complement value in decimal.
  public var signedDecimal: String { signBit ? "-" + negated().decimal : decimal }
}
