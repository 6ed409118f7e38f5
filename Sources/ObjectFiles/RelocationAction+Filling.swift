/// What a relocation's field becomes.
enum RelocationFilling: Equatable {
  case value(UInt64)
  /// The bytes are not what such a relocation is about.
  case misfit
  /// The value does not fit, or is not aligned.
  case overflow
}

extension RelocationAction {
  /// The value of the field at `place` in a section's `bytes`, whose address is `position`.
  ///
  /// - Parameters:
  ///   - target: S, or the address of the symbol's entry in the global offset table.
  ///   - addend: A; nil where it is in the field.
  func filling(
    _ bytes: [UInt8], at place: Int, position: UInt64, target: UInt64, addend: UInt64?
  ) -> RelocationFilling {
    let current = Self.integer(bytes[place..<place + byteCount])
    let value = target &+ (addend ?? Self.signExtended(current, bytes: byteCount))
    func number(_ value: UInt64, _ count: Int, _ range: DataRange) -> RelocationFilling {
      range.holds(value, bytes: count) ? .value(value) : .overflow
    }
    switch self {
    case .none, .unsupported: return .misfit
    case .absolute(let count, let range): return number(value, count, range)
    case .relative(let count, let range): return number(value &- position, count, range)
    case .slot where addend != 0: return .misfit
    case .instruction(let field), .slot(let field):
      let word = UInt32(current)
      // The implicit addend of an instruction is not worth decoding: no assembler makes one.
      guard addend != nil else { return .misfit }
      guard let filled = field.filled(word, target: value, place: position) else {
        return .overflow
      }
      return field.isField(of: word) ? .value(UInt64(filled)) : .misfit
    case .x86TableLoad:
      return directOpcode(bytes, place) != nil && addend == UInt64(bitPattern: -4)
        ? number(value &- position, 4, .signed) : .misfit
    }
  }

  /// What the two bytes before `place` become where the address is known: `mov foo@GOTPCREL(%rip), %r` (8b, ModRM 00 reg
  /// 101) is `lea foo(%rip), %r`, `call` (ff 15) and `jmp` (ff 25) are direct ones after a prefix without effect. Nil
  /// where the bytes are none of these.
  func directOpcode(_ bytes: [UInt8], _ place: Int) -> [UInt8]? {
    guard place >= bytesBefore(place, in: bytes), place >= 2 else { return nil }
    let hasREX = bytesBefore(place, in: bytes) == 3
    switch (bytes[place - 2], bytes[place - 1]) {
    case (0x8b, let modRM) where modRM & 0xc7 == 5 && hasREX == Self.hasREX(bytes, place):
      return [0x8d, modRM]
    case (0xff, 0x15) where !hasREX: return [0x67, 0xe8]
    case (0xff, 0x25) where !hasREX: return [0x67, 0xe9]
    default: return nil
    }
  }

  /// Whether a REX prefix stands before a `mov` whose displacement is at `place`.
  static func hasREX(_ bytes: [UInt8], _ place: Int) -> Bool {
    place >= 3 && bytes[place - 2] == 0x8b && bytes[place - 3] & 0xf0 == 0x40
  }

  /// The little-endian number in `bytes`, at most eight.
  static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// `value`'s low `bytes` bytes as a signed number.
  private static func signExtended(_ value: UInt64, bytes: Int) -> UInt64 {
    let shift = UInt64(64 - 8 * bytes)
    return UInt64(bitPattern: Int64(bitPattern: value << shift) >> Int64(shift))
  }
}
