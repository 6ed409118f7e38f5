/// An immediate field of an A64 instruction that a relocation fills.
enum ARM64Field: Sendable, Equatable {
  /// A signed count of words from the place, `bits` wide, at bit `at`.
  case branch(bits: Int, at: Int)
  /// ADR's signed 21-bit count of bytes from the place.
  case address
  /// ADRP's signed 21-bit count of 4 KiB pages from the place's page.
  case page(checked: Bool)
  /// Bits 11:0 of the address in units of 2^`scale` bytes, at bit 10.
  case low12(scale: Int)
  /// Bits 16·`group`+15 to 16·`group` of the address, in a move-wide instruction.
  case move(group: Int, MoveCheck)

  /// What a move-wide field demands of the whole value.
  enum MoveCheck: Sendable, Equatable {
    /// No bit above the group is set.
    case unsigned
    /// Nothing.
    case unchecked
    /// The value is a signed number of the group's bits and one; MOVZ or MOVN by its sign.
    case signed
  }

  /// `word` with the field filled for the address `target`; nil if it does not fit or is not
  /// aligned.
  func filled(_ word: UInt32, target: UInt64, place: UInt64) -> UInt32? {
    switch self {
    case .branch(let bits, let position):
      let distance = Int64(bitPattern: target &- place)
      guard distance & 3 == 0, Self.fits(distance >> 2, bits: bits) else { return nil }
      let mask = (UInt32(1) << UInt32(bits)) - 1
      let field = UInt32(truncatingIfNeeded: distance >> 2) & mask
      return word & ~(mask << UInt32(position)) | field << UInt32(position)
    case .address:
      return Self.withAddress(word, Int64(bitPattern: target &- place), checked: true)
    case .page(let checked):
      let distance = Int64(bitPattern: (target & ~0xfff) &- (place & ~0xfff))
      return Self.withAddress(word, distance >> 12, checked: checked)
    case .low12(let scale):
      let low = UInt32(target & 0xfff)
      guard low & ((1 << UInt32(scale)) - 1) == 0 else { return nil }
      return word & ~(0xfff << 10) | (low >> UInt32(scale)) << 10
    case .move(let group, let check):
      return Self.withMove(word, target, group: group, check)
    }
  }

  /// Whether `word` is an instruction that has this field and makes or uses an address of data with it.
  func isAddress(in word: UInt32) -> Bool {
    switch self {
    case .branch(let bits, _): bits == 19 && word & 0x3b00_0000 == 0x1800_0000
    case .address: word & 0x9f00_0000 == 0x1000_0000
    case .page: word & 0x9f00_0000 == 0x9000_0000
    case .low12: word & 0xffc0_0000 == 0x9100_0000 || word & 0x3b00_0000 == 0x3900_0000
    case .move: false
    }
  }

  /// Whether `word` is an instruction that has this field.
  func isField(of word: UInt32) -> Bool {
    switch self {
    case .branch(bits: 26, _): word & 0x7c00_0000 == 0x1400_0000
    case .branch(bits: 14, _): word & 0x7e00_0000 == 0x3600_0000
    case .branch:
      word & 0xff00_0000 == 0x5400_0000 || word & 0x7e00_0000 == 0x3400_0000
        || word & 0x3b00_0000 == 0x1800_0000
    case .address, .page: isAddress(in: word)
    case .low12: isAddress(in: word) || word & 0xffc0_0000 == 0x1100_0000
    case .move: word & 0x1f80_0000 == 0x1280_0000
    }
  }

  /// Fills ADR's and ADRP's immediate.
  private static func withAddress(_ word: UInt32, _ value: Int64, checked: Bool) -> UInt32? {
    guard !checked || fits(value, bits: 21) else { return nil }
    let bits = UInt32(truncatingIfNeeded: value)
    return word & ~(3 << 29 | 0x7ffff << 5) | (bits & 3) << 29 | (bits >> 2 & 0x7ffff) << 5
  }

  /// Fills a move-wide immediate; a signed one selects MOVZ or MOVN.
  private static func withMove(
    _ word: UInt32, _ value: UInt64, group: Int, _ check: MoveCheck
  ) -> UInt32? {
    let width = 16 * (group + 1)
    let isNegative = Int64(bitPattern: value) < 0
    switch check {
    case .unsigned: guard value >> UInt64(width) == 0 else { return nil }
    case .signed: guard fits(Int64(bitPattern: value), bits: width + 1) else { return nil }
    case .unchecked: break
    }
    let source = check == .signed && isNegative ? ~value : value
    let field = UInt32(truncatingIfNeeded: source >> UInt64(16 * group)) & 0xffff
    var result = word & ~(0xffff << 5) | field << 5
    if check == .signed { result = result & ~(1 << 30) | (isNegative ? 0 : 1 << 30) }
    return result
  }

  /// Whether `value` is a signed number of `bits` bits, fewer than 64.
  private static func fits(_ value: Int64, bits: Int) -> Bool {
    let limit = Int64(1) << Int64(bits - 1)
    return -limit <= value && value < limit
  }
}
