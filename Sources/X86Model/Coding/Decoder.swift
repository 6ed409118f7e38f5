import MachineModel
import Terms

/// The bytes of one instruction and how far they have been read.
struct Cursor {
  /// The first bytes, the first of them least significant.
  private let bits: UInt128
  /// How many bytes there are, at most 15: what an instruction may have.
  private let limit: Int
  private(set) var position = 0

  init(_ bytes: RawSpan) {
    limit = Swift.min(bytes.byteCount, 15)
    bits = Cursor.word(bytes)
  }

  /// The first sixteen bytes as one word, zeros for those that are not there.
  private static func word(_ bytes: RawSpan) -> UInt128 {
    let count = bytes.byteCount
    if count >= 16 { return bytes.unsafeLoadUnaligned(as: UInt128.self) }
    if count >= 8 {
      let last = bytes.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      let high = last &>> UInt64(8 * (16 - count))
      return UInt128(bytes.unsafeLoadUnaligned(as: UInt64.self)) | UInt128(high) << 64
    }
    return (0..<count).reduce(0) { word, offset in
      let byte = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
      return word | UInt128(byte) << UInt128(8 * offset)
    }
  }

  /// Some bytes from the position on, zeros after the sixteenth.
  private var rest: UInt64 { UInt64(truncatingIfNeeded: bits &>> UInt128(8 * position)) }

  private var end: DecodingFailure { limit == 15 ? .tooLong : .truncated }

  @inline(__always)
  mutating func next() throws(DecodingFailure) -> UInt8 {
    guard position < limit else { throw end }
    let byte = UInt8(truncatingIfNeeded: rest)
    position += 1
    return byte
  }

  /// A little-endian value of `count` bytes, sign-extended.
  @inline(__always)
  mutating func signed(_ count: Int) throws(DecodingFailure) -> Int64 {
    guard position + count <= limit else { throw end }
    if count == 0 { return 0 }
    let shift = UInt64(64 - count * 8)
    let value = Int64(bitPattern: rest &<< shift) &>> Int64(shift)
    position += count
    return value
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
///
/// Neither copyable nor borrowed: it is large, and the compiler copies what a method only reads, so all
/// its methods are mutating.
struct Decoder: ~Copyable {
  /// They live as long as the process.
  unowned(unsafe) let tables: Tables
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
  /// The operand of the rm field, where that is memory; its width is not known yet.
  var memory = MemoryOperand(width: 0)

  init(_ bytes: RawSpan, at address: UInt64, tables: Tables) {
    self.tables = tables
    self.address = address
    cursor = Cursor(bytes)
  }

  /// Reads opcode and ModRM; returns the index of the form.
  mutating func readForm() throws(DecodingFailure) -> Int {
    try readOpcode()
    if tables.hasModRM[map.rawValue << 8 | Int(opcode)] { modRM = try cursor.next() }
    return try select()
  }

  // MARK: Prefixes and opcode

  mutating func readOpcode() throws(DecodingFailure) {
    var byte = try cursor.next()
    var kind = tables.prefixKinds[Int(byte)]
    while kind != 0, kind <= Prefixes.rexKind {
      if kind == Prefixes.rexKind {
        if prefixes.rex != 0 { prefixes.hasStrayREX = true }
        prefixes.rex = byte
      } else {
        prefixes.take(byte, digit: kind)
      }
      byte = try cursor.next()
      kind = tables.prefixKinds[Int(byte)]
    }
    if kind == Prefixes.vexKind { return try readVectorPrefix(byte) }
    if kind == Prefixes.escapeKind {
      map = .map0F
      byte = try cursor.next()
      if byte == 0x38 || byte == 0x3A {
        map = byte == 0x38 ? .map0F38 : .map0F3A
        byte = try cursor.next()
      }
    }
    opcode = byte
  }

  private mutating func readVectorPrefix(_ byte: UInt8) throws(DecodingFailure) {
    if prefixes.rex != 0 || prefixes.has66 || prefixes.hasLock || prefixes.repeats != 0 {
      throw .invalid("66, F2, F3, LOCK or REX before VEX or EVEX")
    }
    if byte == 0x62 { try readEVEX() } else { try readVEX(byte) }
  }

  // MARK: The form

  mutating func select() throws(DecodingFailure) -> Int {
    let place = Tables.slot(map, opcode, Int(modRM >> 3 & 7))
    let slot = tables.slots[place]
    let signature = signature()
    for index in Int(slot.first)..<Int(slot.first) + Int(slot.count) {
      let candidate = tables.candidates[index]
      if signature.isSubset(of: candidate.allowed),
        candidate.modRM == 256 || candidate.modRM == UInt16(modRM)
      {
        return Int(candidate.form)
      }
    }
    if tables.reserved[place] & (modRM >> 6 == 3 ? 2 : 1) != 0 {
      throw .invalid("a reserved opcode")
    }
    throw missing()
  }

  // MARK: Operands

  /// Reads the operands of the form with this index.
  mutating func readOperands(
    of form: Int, into operands: inout Operands
  ) throws(DecodingFailure) {
    let plan = tables.plans[form]
    if plan.traits.contains(.hasModRM), modRM < 0xC0 {
      try readMemory(plan)
      if !plan.traits.isDisjoint(with: [.hasIndices128, .hasIndices256]) {
        try takeVectorIndex(plan.traits.contains(.hasIndices256) ? 256 : 128)
      }
    }
    let first = Int(plan.firstOperand)
    for index in first..<first + Int(plan.operandCount) {
      try read(tables.operands[index], into: &operands)
    }
    try check(plan)
    noteLayout(plan)
  }

  private mutating func read(
    _ operand: OperandReader, into operands: inout Operands
  ) throws(DecodingFailure) {
    switch operand.kind {
    case .register:
      operands.append(try register(modRM >> 3 & 7, extendedBy: 4, operand, evex.register))
    case .registerOrMemory:
      if modRM < 0xC0 {
        memory.width = Int(evex.isBroadcast ? operand.broadcast : operand.width)
        operands.append(memory)
        return
      }
      if operand.isExtended { usedREX |= 2 }
      let fifth = operand.isExtended ? prefixes.rex >> 1 & 1 : 0
      operands.append(try register(modRM & 7, extendedBy: 1, operand, fifth))
    case .opcodeRegister:
      operands.append(try register(opcode & 7, extendedBy: 1, operand, 0))
    case .immediate:
      let value = UInt64(bitPattern: try cursor.signed(Int(operand.byteCount)))
      operands.append(immediate: value, width: Int(operand.width))
    case .relative:
      let offset = UInt64(bitPattern: try cursor.signed(Int(operand.byteCount)))
      operands.append(target: address &+ UInt64(cursor.position) &+ offset)
    case .vector: operands.append(try register(vector, operand))
    case .fixed: operands.append(tables.registers[Int(operand.bank)])
    case .one: operands.append(immediate: 1, width: 8)
    case .offset:
      let value = try cursor.signed(prefixes.has67 ? 4 : 8)
      operands.append(
        MemoryOperand(
          displacement: value, addressWidth: prefixes.has67 ? 32 : 64, width: Int(operand.width)))
    case .immediateRegister:
      let byte = try cursor.next()
      guard byte & 15 == 0 else { throw .unsupported("bits 3:0 of the register immediate") }
      operands.append(try register(Int(byte >> 4), operand))
    case .mask: operands.append(tables.registers[RegisterTable.masks + evex.mask])
    case .zeroing: operands.append(code: evex.isZeroing ? 1 : 0)
    }
  }

  /// The register of three bits, a bit of REX, and a fifth bit that EVEX has.
  private mutating func register(
    _ low: UInt8, extendedBy bit: UInt8, _ operand: OperandReader, _ fifth: UInt8
  ) throws(DecodingFailure) -> Register {
    usedREX |= bit
    let number = low | (prefixes.rex & bit != 0 ? 8 : 0) | fifth << 4
    return try register(Int(number), operand)
  }

  private mutating func register(
    _ number: Int, _ operand: OperandReader
  ) throws(DecodingFailure) -> Register {
    guard number < operand.registerCount else { throw Self.noRegister(number) }
    let shift = operand.isByte && prefixes.rex == 0 ? RegisterTable.bytesWithoutREX : 0
    return tables.registers[Int(operand.bank) + shift + number]
  }

  private static func noRegister(_ number: Int) -> DecodingFailure {
    .unsupported("there is no register \(number) of this kind")
  }
}
