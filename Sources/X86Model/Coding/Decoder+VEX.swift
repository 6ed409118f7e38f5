/// What an EVEX prefix has besides what VEX has.
struct EVEXBits {
  /// EVEX.R', the fifth bit of the reg field; 1 for registers 16 to 31.
  var register: UInt8 = 0
  /// EVEX.aaa
  var mask = 0
  /// EVEX.z
  var isZeroing = false
  /// EVEX.b
  var isBroadcast = false
}

/// VEX and EVEX prefixes (Intel SDM, volume 2, 2.3 and 2.7).
extension Decoder {
  mutating func readVEX(_ first: UInt8) throws(DecodingFailure) {
    let payload = try cursor.next()
    var last = payload
    var number: UInt8 = 1
    prefixes.rex = 0x40 | (~payload >> 5 & 4)
    if first == 0xC4 {
      isLongVEX = true
      last = try cursor.next()
      number = payload & 31
      prefixes.rex = 0x40 | (~payload >> 5 & 7) | (last >> 4 & 8)
    }
    switch number {
    case 1: map = .vex0F
    case 2: map = .vex0F38
    case 3: map = .vex0F3A
    default: throw .invalid("VEX map \(number)")
    }
    vector = Int(~last >> 3 & 15)
    vexLength = Int(last >> 2 & 1)
    vexPrefix = Int(last & 3)
    opcode = try cursor.next()
  }

  mutating func readEVEX() throws(DecodingFailure) {
    let (first, second, third) = (try cursor.next(), try cursor.next(), try cursor.next())
    guard first & 8 == 0, second & 4 != 0 else { throw .invalid("an EVEX prefix") }
    switch first & 7 {
    case 1: map = .evex0F
    case 2: map = .evex0F38
    case 3: map = .evex0F3A
    case 5, 6: throw .unsupported("EVEX map \(first & 7) is not in the tables")
    default: throw .invalid("EVEX map \(first & 7)")
    }
    prefixes.rex = 0x40 | (~first >> 5 & 7) | (second >> 4 & 8)
    vector = Int(~second >> 3 & 15) | Int(~third & 8) << 1
    vexPrefix = Int(second & 3)
    vexLength = Int(third >> 5 & 3)
    evex = EVEXBits(
      register: ~first >> 4 & 1, mask: Int(third & 7), isZeroing: third & 0x80 != 0,
      isBroadcast: third & 0x10 != 0)
    opcode = try cursor.next()
  }
}
