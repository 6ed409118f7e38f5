import MachineModel

/// The bytes before an opcode, REX included, as the decoder found them.
struct Prefixes {
  /// Legacy prefixes by their digit in `Layout.prefixes`; zero for every other byte.
  static let digits: [UInt8] = {
    var result = [UInt8](repeating: 0, count: 256)
    for (index, byte) in legacy.enumerated() { result[Int(byte)] = UInt8(index + 1) }
    return result
  }()

  /// What a byte is before an opcode: its digit for a legacy prefix, or one of those below; zero for
  /// an opcode.
  static let kinds: [UInt8] = digits.enumerated().map { byte, digit in
    switch byte {
    case 0x40...0x4F: rexKind
    case 0x0F: escapeKind
    case 0xC4, 0xC5, 0x62: vexKind
    default: digit
    }
  }
  static let rexKind: UInt8 = 16
  static let escapeKind: UInt8 = 17
  static let vexKind: UInt8 = 18

  static let legacy: [UInt8] = [
    0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65,
  ]

  /// The legacy prefixes in order, as digits of a number to the base 12.
  var sequence = 0
  var has66 = false
  var has67 = false
  var hasLock = false
  /// The last of FS and GS; zero for none.
  var segment: UInt8 = 0
  /// How many prefixes name a segment, those included that have no effect.
  var segmentCount = 0
  /// The last of F2 and F3, which is the one that counts; zero for none.
  var repeats: UInt8 = 0
  /// The REX byte just before the opcode; zero for none.
  var rex: UInt8 = 0
  /// Whether a REX byte stands before another prefix, where it has no effect.
  var hasStrayREX = false

  var hasSegment: Bool { segment != 0 }

  mutating func take(_ byte: UInt8, digit: UInt8) {
    sequence = sequence * 12 + Int(digit)
    switch byte {
    case 0x66: has66 = true
    case 0x67: has67 = true
    case 0xF2, 0xF3: repeats = byte
    case 0xF0: hasLock = true
    case 0x64, 0x65:
      segment = byte
      segmentCount += 1
    case 0x26, 0x2E, 0x36, 0x3E: segmentCount += 1
    default: break
    }
    if rex != 0 {
      hasStrayREX = true
      rex = 0
    }
  }

  /// The effective operand size as a set of one: REX.W wins over 66.
  var size: Pattern.Sizes { rex & 8 != 0 ? 4 : has66 ? 1 : 2 }
}

/// Where the bytes of an instruction differ from the shortest ones that say the same.
///
/// It is kept in `Instruction.annotation`, zero for the canonical bytes, so that every decoded
/// instruction is encoded to the very bytes it came from.
struct Layout: Equatable {
  /// All legacy prefixes in order, as digits to the base 12, where they are not the canonical
  /// 67, 66, F2 or F3; at most 14 of them.
  var prefixes = 0
  /// Bits of REX (or of VEX) that the form ignores, and bit 4 for a REX that is not needed or a
  /// VEX prefix of three bytes where two would do.
  var rex: UInt8 = 0
  /// Bytes of the displacement where not the fewest: 0 for canonical, 1, or 4.
  var displacement = 0
  /// Whether there is a SIB byte that is not needed.
  var hasSIB = false
  /// The scale field of a SIB byte without an index.
  var scale: UInt8 = 0
  /// VEX.L or EVEX.L'L where the form ignores it.
  var length = 0

  init() {}

  init(annotation: Int) {
    prefixes = annotation >> 12
    rex = UInt8(annotation & 31)
    displacement = [0, 1, 4, 4][annotation >> 5 & 3]
    hasSIB = annotation >> 7 & 1 != 0
    scale = UInt8(annotation >> 8 & 3)
    length = annotation >> 10 & 3
  }

  var annotation: Int {
    prefixes << 12 | length << 10 | Int(scale) << 8 | (hasSIB ? 128 : 0)
      | Swift.min(displacement, 2) << 5 | Int(rex)
  }

  /// The legacy prefixes of an instruction in their canonical order, as digits.
  static func canonical(_ pattern: Pattern, has67: Bool, isLocked: Bool) -> Int {
    var sequence = isLocked ? 5 : 0
    if has67 { sequence = sequence * 12 + 2 }
    if pattern.needs66 { sequence = sequence * 12 + 1 }
    if pattern.repeats == .required2 { sequence = sequence * 12 + 3 }
    if pattern.repeats == .required3 { sequence = sequence * 12 + 4 }
    return sequence
  }

  /// Whether LOCK is among the prefixes.
  var isLocked: Bool { Layout.bytes(prefixes).contains(0xF0) }

  /// The legacy prefix bytes of a sequence.
  static func bytes(_ sequence: Int) -> [UInt8] {
    var result: [UInt8] = []
    var rest = sequence
    while rest > 0, result.count < 15 {
      let digit = rest % 12
      result.append(digit == 0 ? 0x90 : Prefixes.legacy[digit - 1])
      rest /= 12
    }
    return result.reversed()
  }
}
