import MachineModel

/// VEX and EVEX prefixes with the opcode after them.
extension Encoder {
  private var length: UInt8 { UInt8(pattern.vexLength ?? layout.length) }

  /// Two bytes where they say all and the instruction did not have three.
  func vexBytes(_ rex: UInt8) -> [UInt8] {
    let last = UInt8(~vector & 15) << 3 | length << 2 | UInt8(pattern.vexPrefix)
    if pattern.map == .vex0F, rex & 11 == 0, layout.rex & 16 == 0 {
      return [0xC5, (~rex & 4) << 5 | last, opcode]
    }
    return [0xC4, (~rex & 7) << 5 | pattern.map.number, (rex & 8) << 4 | last, opcode]
  }

  func evexBytes(_ rex: UInt8) throws(AssemblyError) -> [UInt8] {
    if isZeroing, mask == 0 { throw AssemblyError(reason: "zeroing needs a mask other than k0") }
    if isZeroing, modRM >> 6 != 3, pattern.operands.first?.isModRM ?? false {
      throw AssemblyError(reason: "what is stored cannot be zeroed")
    }
    let first = (~rex & 7) << 5 | (~fifthBit & 1) << 4 | pattern.map.number
    let second = (rex & 8) << 4 | UInt8(~vector & 15) << 3 | 4 | UInt8(pattern.vexPrefix)
    let third =
      (isZeroing ? 0x80 : 0) | length << 5 | (isBroadcast ? 0x10 : 0)
      | UInt8(~vector >> 4 & 1) << 3 | UInt8(mask)
    return [0x62, first, second, third, opcode]
  }
}
