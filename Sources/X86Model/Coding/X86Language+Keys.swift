/// What of the bytes read the future depends on.
extension X86Language {
  /// Redundant prefixes are not repeated, and of REX only that counts which some form looks at.
  func prefixKey(_ decoder: inout Decoder) -> Key {
    let prefixes = decoder.prefixes
    let looks = scope.rex[..<Pattern.Map.vex0F.rawValue].reduce(8) { $0 | $1 }
    let rex = prefixes.rex == 0 ? 0 : 0x40 | prefixes.rex & looks
    var first = UInt64(decoder.map.rawValue) << 32 | UInt64(rex) << 16 | UInt64(prefixes.repeats)
    if prefixes.has66 { first |= 1 << 24 }
    if prefixes.has67 { first |= 1 << 25 }
    if prefixes.hasLock { first |= 1 << 26 }
    return Key(first: first)
  }

  /// The part of a VEX or EVEX prefix among the bytes; empty if there is none.
  func payload(_ bytes: Bytes) -> [UInt8] {
    let bytes = (0..<bytes.count).map { bytes[$0] }
    return Array(bytes.drop { tables.prefixKinds[Int($0)] != Prefixes.vexKind })
  }

  /// The map that a part of a VEX or EVEX prefix names; nil if it does not yet.
  func vectorMap(_ payload: [UInt8]) -> Int? {
    if payload[0] == 0xC5 { return Pattern.Map.vex0F.rawValue }
    guard payload.count > 1 else { return nil }
    let isEVEX = payload[0] == 0x62
    let number = Int(payload[1] & (isEVEX ? 7 : 31))
    return (isEVEX ? Pattern.Map.evex0F : .vex0F).rawValue + number - 1
  }

  /// The part of a VEX or EVEX prefix that was read, without bits that no form looks at.
  func payloadKey(_ payload: [UInt8], has67: Bool) -> Key {
    let map = vectorMap(payload)
    var first = UInt64(payload[0])
    if has67, map.map({ scope.looksAt67[$0] }) ?? true { first |= 1 << 32 }
    if let map, payload.count > 1 {
      first |= UInt64(payload[1] | ~scope.rex[map] << 5) << 8
      if payload.count > 2 {
        let low = Int(~payload[2] >> 3 & 15)
        let vector = scope.vectorClasses[map]
        let classes = UInt64(vector[low]) << 8 | UInt64(vector[low | 16])
        first |= UInt64(payload[2] & 0x87) << 16 | classes << 40
      }
    }
    return Key(first: first, second: UInt64(payload.count))
  }

  /// A whole VEX or EVEX prefix.
  func vectorKey(_ decoder: inout Decoder) -> Key {
    let rex = decoder.prefixes.rex & (8 | scope.rex[decoder.map.rawValue])
    let has67 = scope.looksAt67[decoder.map.rawValue] && decoder.prefixes.has67
    let first =
      UInt64(decoder.map.rawValue) | UInt64(rex) << 8 | UInt64(decoder.vexPrefix) << 16
      | UInt64(decoder.vexLength) << 24 | (has67 ? 1 << 32 : 0)
    return Key(first: first, second: evexKey(&decoder))
  }

  /// VEX.vvvv and what only EVEX has.
  private func evexKey(_ decoder: inout Decoder) -> UInt64 {
    let map = decoder.map.rawValue
    let numbers =
      UInt64(scope.vectorClasses[map][decoder.vector])
      | UInt64(scope.maskClasses[map][decoder.evex.mask]) << 8
    let flags =
      UInt64(decoder.evex.register) | (decoder.evex.isZeroing ? 2 : 0)
      | (decoder.evex.isBroadcast ? 4 : 0)
    return numbers | flags << 16
  }

  /// What decides about the form and its registers when the opcode is known.
  func key(_ decoder: inout Decoder) -> Key {
    let opcode = scope.opcode(decoder.map, decoder.opcode)
    let facts = decoder.signature().intersection(opcode.facts)
    let number = scope.classes.opcodes[decoder.map.rawValue << 8 | Int(decoder.opcode)]
    var second = UInt64(decoder.prefixes.rex & opcode.rex) << 32
    if decoder.map.isVEX { second |= evexKey(&decoder) }
    if decoder.prefixes.hasLock { second |= 1 << 40 }
    if opcode.looksAt66, decoder.prefixes.has66 { second |= 1 << 41 }
    if opcode.looksAt67, decoder.prefixes.has67 { second |= 1 << 42 }
    return Key(first: UInt64(number) << 32 | UInt64(facts.rawValue), second: second)
  }
}
