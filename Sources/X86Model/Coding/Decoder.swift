import MachineModel
import Terms

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
    self.init(Cursor(bytes), at: address, tables: tables)
  }

  init(_ cursor: Cursor, at address: UInt64, tables: Tables) {
    self.tables = tables
    self.address = address
    self.cursor = cursor
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
    if let form = selected() { return form }
    let place = Tables.slot(map, opcode, Int(modRM >> 3 & 7))
    if tables.reserved[place] & (modRM >> 6 == 3 ? 2 : 1) != 0 {
      throw .invalid("a reserved opcode")
    }
    throw missing()
  }

  /// The form of opcode, prefixes and ModRM; nil if there is none.
  @inline(__always)
  mutating func selected() -> Int? {
    let slot = tables.slots[Tables.slot(map, opcode, Int(modRM >> 3 & 7))]
    let signature = signature()
    for index in Int(slot.first)..<Int(slot.first) + Int(slot.count) {
      let candidate = tables.candidates[index]
      if signature.isSubset(of: candidate.allowed),
        candidate.modRM == 256 || candidate.modRM == UInt16(modRM)
      {
        return Int(candidate.form)
      }
    }
    return nil
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
