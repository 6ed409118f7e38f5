import MachineModel
import Terms

/// The bytes of one instruction and how far they have been read.
struct Cursor {
  let bytes: UnsafeBufferPointer<UInt8>
  /// At most 15: what an instruction may have.
  let limit: Int
  var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    limit = Swift.min(bytes.count, 15)
  }

  mutating func next() throws(DecodingFailure) -> UInt8 {
    guard position < limit else { throw bytes.count >= 15 ? .tooLong : .truncated }
    position += 1
    return bytes[position - 1]
  }

  /// A little-endian value of `count` bytes, sign-extended.
  mutating func signed(_ count: Int) throws(DecodingFailure) -> Int64 {
    guard position + count <= limit else { throw bytes.count >= 15 ? .tooLong : .truncated }
    var value: UInt64 = 0
    for index in 0..<count {
      value |= UInt64(bytes[position + index]) << UInt64(index * 8)
    }
    position += count
    let shift = UInt64(64 - count * 8)
    return count == 0 ? 0 : Int64(bitPattern: value << shift) >> Int64(shift)
  }
}

/// Why decoding stopped, without what `DecodingError` says about the place.
struct DecodingFailure: Error {
  let kind: DecodingError.Kind
  let reason: String

  static let truncated = DecodingFailure(
    kind: .truncated, reason: "the bytes end within an instruction")
  static let tooLong = DecodingFailure(
    kind: .invalid, reason: "an instruction has at most 15 bytes")

  static func invalid(_ reason: String) -> DecodingFailure {
    DecodingFailure(kind: .invalid, reason: reason)
  }

  static func unsupported(_ reason: String) -> DecodingFailure {
    DecodingFailure(kind: .unsupported, reason: reason)
  }
}

/// Reads one instruction by the tables.
struct Decoder {
  let tables: Tables
  let address: UInt64
  var cursor: Cursor
  var prefixes = Prefixes()
  var layout = Layout()
  var map = Pattern.Map.oneByte
  var opcode: UInt8 = 0
  var modRM: UInt8 = 0
  /// VEX.vvvv with EVEX.V' above, VEX.pp and VEX.L or EVEX.L'L.
  var vector = 0
  var vexPrefix = 0
  var vexLength = 0
  /// Whether a VEX prefix has three bytes.
  var isLongVEX = false
  /// What only EVEX has.
  var evex = EVEXBits()
  /// Bits of REX that the form uses.
  var usedREX: UInt8 = 0
  var memory: MemoryOperand?

  init(_ bytes: UnsafeBufferPointer<UInt8>, at address: UInt64, tables: Tables) {
    self.tables = tables
    self.address = address
    cursor = Cursor(bytes)
  }

  mutating func decode() throws(DecodingFailure) -> Instruction {
    try readOpcode()
    if tables.hasModRM[map.rawValue << 8 | Int(opcode)] { modRM = try cursor.next() }
    let form = try select()
    return try finish(tables.forms[form], tables.patterns[form])
  }

  // MARK: Prefixes and opcode

  private mutating func readOpcode() throws(DecodingFailure) {
    var byte = try cursor.next()
    while true {
      let digit = Prefixes.digits[Int(byte)]
      if digit != 0 {
        prefixes.take(byte, digit: digit)
      } else if byte & 0xF0 == 0x40 {
        if prefixes.rex != 0 { prefixes.hasStrayREX = true }
        prefixes.rex = byte
      } else {
        break
      }
      byte = try cursor.next()
    }
    if byte == 0xC4 || byte == 0xC5 || byte == 0x62 {
      if prefixes.rex != 0 || prefixes.hasStrayREX || prefixes.has66 || prefixes.hasLock
        || prefixes.repeats != 0
      {
        throw .invalid("66, F2, F3, LOCK or REX before VEX or EVEX")
      }
      return byte == 0x62 ? try readEVEX() : try readVEX(byte)
    }
    if byte == 0x0F {
      map = .map0F
      byte = try cursor.next()
      if byte == 0x38 || byte == 0x3A {
        map = byte == 0x38 ? .map0F38 : .map0F3A
        byte = try cursor.next()
      }
    }
    opcode = byte
  }

  // MARK: The form

  private func select() throws(DecodingFailure) -> Int {
    let place = Tables.slot(map, opcode, Int(modRM >> 3 & 7))
    let slot = tables.slots[place]
    for index in Int(slot.first)..<Int(slot.first) + Int(slot.count) {
      let form = Int(tables.candidates[index])
      if matches(tables.patterns[form]) { return form }
    }
    if tables.reserved[place] & (modRM >> 6 == 3 ? 2 : 1) != 0 {
      throw .invalid("a reserved opcode")
    }
    throw .unsupported("no row of the tables")
  }

  private func matches(_ pattern: Pattern) -> Bool {
    if pattern.hasModRM {
      guard modRM >> 6 == 3 ? pattern.allowsRegister : pattern.allowsMemory else { return false }
      if case .fixed(let byte) = pattern.modRM, byte != modRM { return false }
    }
    if map.isVEX {
      guard pattern.vexPrefix == vexPrefix, (pattern.vexLength ?? vexLength) == vexLength,
        pattern.vexWide == .ignored || pattern.rexW == (prefixes.rex & 8 != 0)
      else { return false }
      return !map.isEVEX || evex.fits(pattern, isMemory: modRM >> 6 != 3)
    }
    guard pattern.sizes & prefixes.size != 0 else { return false }
    if prefixes.has66 ? pattern.forbids66 : pattern.needs66 { return false }
    if pattern.needs67, !prefixes.has67 { return false }
    switch pattern.repeats {
    case .ignored: break
    case .forbidden: if prefixes.repeats != 0 { return false }
    case .required2: if prefixes.repeats != 0xF2 { return false }
    case .required3: if prefixes.repeats != 0xF3 { return false }
    }
    let low = (prefixes.rex & 1) << 3 | opcode & 7
    if pattern.excludesZero, low == 0 { return false }
    if pattern.needsClearB, prefixes.rex & 1 != 0 { return false }
    return true
  }

  // MARK: Operands

  private mutating func finish(
    _ form: Form, _ pattern: Pattern
  ) throws(DecodingFailure) -> Instruction {
    if pattern.hasModRM, modRM >> 6 != 3 { memory = try readMemory(pattern) }
    var operands: [Operand] = []
    operands.reserveCapacity(pattern.operands.count)
    for operand in pattern.operands { operands.append(try read(operand, pattern)) }
    try check(form, pattern)
    noteLayout(pattern)
    return Instruction(
      form: form, operands: operands, address: address, length: cursor.position,
      annotation: layout.annotation)
  }

  private mutating func read(
    _ operand: OperandPattern, _ pattern: Pattern
  ) throws(DecodingFailure) -> Operand {
    switch operand.place {
    case .fixed(let register): return .register(register)
    case .one: return .immediate(BitVector(1, width: 8))
    case .register:
      if pattern.addsRegister {
        usedREX |= 1
        return try register(opcode & 7, extendedBy: 1, operand)
      }
      usedREX |= 4
      return try register(modRM >> 3 & 7, extendedBy: 4, operand, evex.register)
    case .vector: return try register(vector, operand)
    case .registerOrMemory, .memory:
      guard var reference = memory else {
        usedREX |= 1
        let isExtended = operand.bank == .vector && map.isEVEX
        if isExtended { usedREX |= 2 }
        return try register(
          modRM & 7, extendedBy: 1, operand, isExtended ? prefixes.rex >> 1 & 1 : 0)
      }
      reference.width = evex.isBroadcast ? operand.broadcast : operand.width
      return .memory(reference)
    case .offset:
      let value = try cursor.signed(prefixes.has67 ? 4 : 8)
      return .memory(absolute(value, width: operand.width))
    case .immediate(let bits):
      return .immediate(BitVector(signed: try cursor.signed(bits / 8), width: operand.width))
    case .relative(let bits):
      let offset = UInt64(bitPattern: try cursor.signed(bits / 8))
      return .target(address &+ UInt64(cursor.position) &+ offset)
    case .immediateRegister:
      let byte = try cursor.next()
      guard byte & 15 == 0 else { throw .unsupported("bits 3:0 of the register immediate") }
      return try register(Int(byte >> 4), operand)
    case .mask: return .register(VectorRegisters.masks[evex.mask])
    case .zeroing: return .code(evex.isZeroing ? 1 : 0)
    }
  }

  /// The register of three bits, a bit of REX, and a fifth bit that EVEX has.
  private func register(
    _ low: UInt8, extendedBy bit: UInt8, _ operand: OperandPattern, _ high: UInt8 = 0
  ) throws(DecodingFailure) -> Operand {
    try register(
      Int(low) + (prefixes.rex & bit != 0 ? 8 : 0) + Int(high) << 4, operand)
  }

  private func register(
    _ number: Int, _ operand: OperandPattern
  ) throws(DecodingFailure) -> Operand {
    guard number < operand.registerCount(isEVEX: map.isEVEX) else {
      throw .unsupported("there is no register \(number) of this kind")
    }
    return .register(
      X86Registers.register(
        number, operand.bank, width: operand.registerWidth, upper: operand.upper,
        hasREX: prefixes.rex != 0))
  }

  private func absolute(_ value: Int64, width: Int) -> MemoryOperand {
    MemoryOperand(
      displacement: value, addressWidth: prefixes.has67 ? 32 : 64, width: width)
  }
}
