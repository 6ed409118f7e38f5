/// A concrete bit-vector: `width` bits, two's complement, least significant word first.
///
/// Bits above `width` are always zero. Vectors of at most 128 bits, which most are, need no memory of
/// their own.
public struct BitVector: Hashable, Sendable {
  /// The low 128 bits.
  package let low128: UInt128
  public let width: Int
  /// All words of a vector of more than 128 bits; nil for others.
  let long: [UInt64]?

  /// How many 64-bit words hold `width` bits.
  public static func wordCount(_ width: Int) -> Int { (width + 63) / 64 }

  /// The mask of the bits that the last word of a `width`-bit vector uses.
  static func lastMask(_ width: Int) -> UInt64 {
    width % 64 == 0 ? .max : (1 << UInt64(width % 64)) - 1
  }

  /// The low `width` bits of a 128-bit value, zero-extended beyond.
  public init(wide value: UInt128, width: Int) {
    precondition(width > 0, "a bit-vector has at least one bit, not \(width)")
    self.width = width
    if width <= 128 {
      low128 = value & (.max &>> UInt128(128 - width))
      long = nil
    } else {
      low128 = value
      long = BitVector.words(value) + repeatElement(0, count: BitVector.wordCount(width) - 2)
    }
  }

  /// The vector whose words are `words`, missing ones zero and bits above `width` dropped.
  public init(words: [UInt64], width: Int) {
    self.init(width: width) { $0 < words.count ? words[$0] : 0 }
  }

  /// The vector whose words are `word` of their indices, asked for in order; bits above `width` are
  /// dropped.
  package init(width: Int, word: (Int) -> UInt64) {
    precondition(width > 0, "a bit-vector has at least one bit, not \(width)")
    var low = UInt128(word(0))
    if width > 64 { low |= UInt128(word(1)) << 64 }
    self.width = width
    if width <= 128 {
      low128 = low & (.max &>> UInt128(128 - width))
      long = nil
    } else {
      low128 = low
      var words = BitVector.words(low)
      for index in 2..<BitVector.wordCount(width) { words.append(word(index)) }
      words[words.count - 1] &= BitVector.lastMask(width)
      long = words
    }
  }

  private static func words(_ value: UInt128) -> [UInt64] {
    [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value &>> 64)]
  }

  /// The low `width` bits of `value`, zero-extended beyond 64.
  public init(_ value: UInt64, width: Int) { self.init(wide: UInt128(value), width: width) }

  /// `value` modulo 2^width, sign-extended beyond 64 bits.
  public init(signed value: Int64, width: Int) {
    let fill: UInt64 = value < 0 ? .max : 0
    self.init(width: width) { $0 == 0 ? UInt64(bitPattern: value) : fill }
  }

  public static func zero(_ width: Int) -> BitVector { BitVector(0, width: width) }

  public static func ones(_ width: Int) -> BitVector { BitVector(signed: -1, width: width) }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(width)
    hasher.combine(low)
    if width > 64 { hasher.combine(UInt64(truncatingIfNeeded: low128 &>> 64)) }
    if let long { hasher.combine(long) }
  }

  public var isZero: Bool { low128 == 0 && (long?.allSatisfy { $0 == 0 } ?? true) }

  public var isAllOnes: Bool { self == BitVector.ones(width) }

  /// The low 64 bits.
  public var low: UInt64 { UInt64(truncatingIfNeeded: low128) }

  /// The value if it fits 64 bits.
  public var asUInt64: UInt64? {
    low128 >> 64 == 0 && (long?.dropFirst(2).allSatisfy { $0 == 0 } ?? true) ? low : nil
  }

  /// The low 64 bits of the sign-extended value.
  public var signedLow: Int64 {
    guard width < 64 else { return Int64(bitPattern: low) }
    let shift = UInt64(64 - width)
    return Int64(bitPattern: low << shift) >> Int64(shift)
  }

  /// Bit `index`, counted from the least significant.
  public func bit(_ index: Int) -> Bool {
    guard let long else { return low128 >> UInt128(index) & 1 == 1 }
    return long[index / 64] >> UInt64(index % 64) & 1 == 1
  }

  public var signBit: Bool { bit(width - 1) }

  /// The exponent if the value is a power of two.
  public var powerOfTwo: Int? {
    guard words.reduce(0, { $0 + $1.nonzeroBitCount }) == 1 else { return nil }
    return trailingZeroBits
  }

  /// The number of bits up to the highest set one; zero for zero.
  var significantBits: Int {
    guard let last = words.lastIndex(where: { $0 != 0 }) else { return 0 }
    return 64 * last + 64 - words[last].leadingZeroBitCount
  }

  /// The number of zero bits below the lowest set one; `width` for zero.
  public var trailingZeroBits: Int {
    for (index, word) in words.enumerated() where word != 0 {
      return index * 64 + word.trailingZeroBitCount
    }
    return width
  }
}

extension BitVector {
  /// The words of a vector, the least significant first.
  public struct Words: RandomAccessCollection, Sendable {
    private let low128: UInt128
    private let long: [UInt64]?
    public let count: Int

    init(_ vector: BitVector) {
      low128 = vector.low128
      long = vector.long
      count = BitVector.wordCount(vector.width)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(index: Int) -> UInt64 {
      precondition(index >= 0 && index < count, "word \(index) of \(count)")
      if let long { return long[index] }
      return UInt64(truncatingIfNeeded: index == 0 ? low128 : low128 &>> 64)
    }
  }

  public var words: Words { Words(self) }
}
