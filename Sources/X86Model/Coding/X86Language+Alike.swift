/// Bytes that are alike.
extension X86Language {
  private static let all = [UInt8](repeating: 0, count: 256)

  func alike(at place: Place) -> [UInt8]? {
    if place.stage == .vector { return alikeVectors(place.bytes) }
    if place.stage == .rest {
      let isLast = place.key.first & 0xFF == 1
      return isLast && place.key.first >> 8 != 0 ? nil : X86Language.all
    }
    var decoder = Decoder(Cursor(place.bytes.bits, limit: place.bytes.count), at: 0, tables: tables)
    try? decoder.readOpcode()
    switch place.stage {
    case .opcode, .vectorOpcode: return scope.alikeOpcodes[decoder.map.rawValue]
    case .modRM: return alikeModRMs(&decoder)
    default:
      decoder.modRM = place.bytes[place.bytes.count - 1]
      return decoder.selected().map { alikeSIBs(&decoder, form: $0) }
    }
  }

  /// Bytes of a VEX or EVEX prefix that differ in registers which no form tells apart.
  private func alikeVectors(_ bytes: Bytes) -> [UInt8]? {
    let payload = payload(bytes)
    return vectorMap(payload).map { map in
      payload.count < 3 ? scope.alikeVectors[map] : scope.alikeMasks[map]
    }
  }

  private func alikeModRMs(_ decoder: inout Decoder) -> [UInt8]? {
    let opcode = scope.opcode(decoder.map, decoder.opcode)
    if opcode.hasFixedBytes { return nil }
    let forms = opcode.forms.map { scope.registers[Int($0)] }
    let rex = decoder.prefixes.rex
    let reg = UInt32(rex & 4) << 1 | UInt32(decoder.evex.register) << 4
    let base = UInt32(rex & 1) << 3
    let fifth = decoder.map.isEVEX ? UInt32(rex & 2) << 3 : 0
    let digits = X86Language.classes(opcode.hasDigits ? Array(0..<8) : []) { number in
      forms.map { (rex == 0 ? $0.regWithoutREX : $0.reg) >> (reg | number) & 1 }
    }
    let registers = X86Language.classes([]) { number in
      forms.map { (rex == 0 ? $0.rmWithoutREX : $0.rm) >> (fifth | base | number) & 1 }
    }
    let bases = X86Language.classes([4, 5]) { number in
      forms.map { $0.base >> (base | number) & 1 }
    }
    return (UInt8(0)...255).map { byte in
      let low = byte >= 0xC0 ? registers[Int(byte & 7)] : bases[Int(byte & 7)]
      return byte & 0xC0 | digits[Int(byte >> 3 & 7)] << 3 | low
    }
  }

  private func alikeSIBs(_ decoder: inout Decoder, form: Int) -> [UInt8] {
    let fields = scope.registers[form]
    let rex = decoder.prefixes.rex
    let index = UInt32(rex & 2) << 2
    let base = UInt32(rex & 1) << 3
    let indices = X86Language.classes([4]) { [fields.index >> (index | $0) & 1] }
    let bases = X86Language.classes([5]) { [fields.base >> (base | $0) & 1] }
    return (UInt8(0)...255).map { byte in
      indices[Int(byte >> 3 & 7)] << 3 | bases[Int(byte & 7)]
    }
  }

  /// For each of eight numbers the lowest with the same facts; those of `alone` are alike to none.
  private static func classes(_ alone: [UInt8], _ facts: (UInt32) -> [UInt32]) -> [UInt8] {
    let known = (0..<8).map { facts($0) }
    return (UInt8(0)..<8).map { number in
      if alone.contains(number) { return number }
      return (0..<number).first { !alone.contains($0) && known[Int($0)] == known[Int(number)] }
        ?? number
    }
  }
}
