import MachineModel
import Terms

/// From operands to the fields of a word.
extension OperandKind {
  /// Writes `operand` to its fields of `word`.
  func encode(
    _ operand: Operand, into word: inout UInt32, at address: UInt64
  ) throws(AssemblyError) {
    switch (self, operand) {
    case (.register(let field, let width, let isStackPointer), .register(let register)):
      try OperandKind.encode(register, width, isStackPointer: isStackPointer, field, &word)
    case (.following(let field, let width), .register(let register)):
      let number = field.value(in: word) + 1
      guard OperandKind.register(number, width, isStackPointer: false) == register else {
        throw AssemblyError(reason: "\(register.name) is not the register after the one before it")
      }
    case (
      .shifted(let field, let width, let shift, let amount),
      .modified(let register, let modifier, let count)
    ):
      try OperandKind.encode(register, width, isStackPointer: false, field, &word)
      guard let code = OperandKind.shifts.firstIndex(of: modifier) else {
        throw AssemblyError(reason: "\(modifier) is no shift")
      }
      word = shift.inserting(UInt32(code), into: word)
      try OperandKind.encode(Int64(count), "a shift", amount, &word)
    case (
      .extended(let field, let width, let option, let amount, _), .modified(let r, let m, let n)
    ):
      guard let code = OperandKind.extensions.firstIndex(of: m == .lsl ? .uxtx : m) else {
        throw AssemblyError(reason: "\(m) is no extension")
      }
      let source = width == 64 && code & 3 == 3 ? 64 : 32
      try OperandKind.encode(r, source, isStackPointer: false, field, &word)
      word = option.inserting(UInt32(code), into: word)
      try OperandKind.encode(Int64(n), "a shift", amount, &word)
    case (.immediate(let fields, let width, _), .immediate(let value)):
      guard value.width == width, let number = value.asUInt64, number < 1 << 32 else {
        throw AssemblyError(reason: "\(value.decimal) does not fit the field")
      }
      try OperandKind.split(Int64(number), fields, &word)
    case (.code(let fields), .code(let value)): try OperandKind.split(Int64(value), fields, &word)
    case (.shiftAmount(let field, let unit), .code(let value)):
      guard value % unit == 0 else { throw AssemblyError(reason: "no shift by \(value)") }
      try OperandKind.encode(Int64(value / unit), "a shift", field, &word)
    case (.condition(let field, let isInverted), .code(let value)):
      try OperandKind.encode(Int64(value ^ (isInverted ? 1 : 0)), "a condition", field, &word)
    case (.named(let field, _), .code(let value)):
      try OperandKind.encode(Int64(value), "a value", field, &word)
    case (.bitfield(let alias, let fields, let width), .code(let value)):
      try alias.encode(value, fields, into: &word, width: width)
    default: try encodePlace(operand, into: &word, at: address)
    }
  }

  private func encodePlace(
    _ operand: Operand, into word: inout UInt32, at address: UInt64
  ) throws(AssemblyError) {
    switch (self, operand) {
    case (.bitmask(let fields, let width, _), .immediate(let value)):
      guard let code = BitmaskImmediate.encode(value.low, width: width) else {
        throw AssemblyError(reason: "\(value.smtlib) is no bitmask immediate")
      }
      word = fields.n?.inserting(code.n, into: word) ?? word
      word = fields.immr.inserting(code.immr, into: word)
      word = fields.imms.inserting(code.imms, into: word)
    case (.wide(let field, let shift, let width, let isInverted), .immediate(let value)):
      let plain = isInverted ? value.complement() : value
      let amount = plain.isZero ? 0 : plain.trailingZeroBits / 16
      guard plain.width == width, plain.low >> UInt64(16 * amount) < 1 << 16 else {
        throw AssemblyError(reason: "\(value.smtlib) has more than 16 significant bits")
      }
      word = field.inserting(UInt32(plain.low >> UInt64(16 * amount)), into: word)
      word = shift.inserting(UInt32(amount), into: word)
    case (.target(let field), .target(let target)):
      try OperandKind.encode(
        scaled: Int64(bitPattern: target &- address), by: 4, "the target", field, &word)
    case (.relative(let fields, let isPage, let scale, _), .memory(let memory)):
      let base = Int64(bitPattern: isPage ? address & ~0xFFF : address)
      let offset = memory.displacement &- base
      let unit = isPage ? 4096 : Int64(scale)
      guard offset % unit == 0 else {
        throw AssemblyError(reason: "an address that is no multiple of \(unit) away")
      }
      try OperandKind.split(offset / unit, fields, isSigned: true, &word)
    case (.memory(let notation), .memory(let memory)): try notation.encode(memory, into: &word)
    case (.vector(let notation), .register(let register)):
      try notation.encode(register, into: &word)
    case (.vectorImmediate(let notation), _): try notation.encode(operand, into: &word)
    default: throw AssemblyError(reason: "\(operand) where another kind of operand stands")
    }
  }

  // MARK: Fields

  /// `word` with `value` over several fields, the first one highest.
  static func splitting(_ value: UInt32, _ fields: [BitField], _ word: UInt32) -> UInt32 {
    var (word, rest) = (word, value)
    for field in fields.reversed() {
      word = field.inserting(rest, into: word)
      rest >>= UInt32(field.width)
    }
    return word
  }

  private static func encode(
    _ register: Register, _ width: Int, isStackPointer: Bool, _ field: BitField,
    _ word: inout UInt32
  ) throws(AssemblyError) {
    let number = register.cell?.index ?? 31
    guard number <= 31, number < field.mask + 1,
      self.register(UInt32(number), width, isStackPointer: isStackPointer) == register
    else { throw AssemblyError(reason: "\(register.name) cannot stand here") }
    word = field.inserting(UInt32(number), into: word)
  }

  private static func encode(
    _ value: Int64, _ what: String, _ field: BitField, _ word: inout UInt32
  ) throws(AssemblyError) {
    guard value >= 0, value <= Int64(field.mask) else {
      throw AssemblyError(reason: "\(what) of \(value) where 0 to \(field.mask) fit")
    }
    word = field.inserting(UInt32(value), into: word)
  }

  /// Writes a signed multiple of `scale`.
  static func encode(
    scaled value: Int64, by scale: Int64, _ what: String, _ field: BitField, _ word: inout UInt32
  ) throws(AssemblyError) {
    let limit = (Int64(field.mask) + 1) / 2
    guard value % scale == 0, value / scale >= -limit, value / scale < limit else {
      throw AssemblyError(
        reason: "\(what) \(value) away, not a multiple of \(scale) in "
          + "\(-limit * scale)...\((limit - 1) * scale)")
    }
    word = field.inserting(UInt32(truncatingIfNeeded: value / scale), into: word)
  }

  /// Writes a value over several fields, the first one highest.
  private static func split(
    _ value: Int64, _ fields: [BitField], isSigned: Bool = false, _ word: inout UInt32
  ) throws(AssemblyError) {
    let bits = Int64(fields.reduce(0) { $0 + $1.width })
    let fits =
      isSigned
      ? value >= -(1 << (bits - 1)) && value < 1 << (bits - 1) : value >= 0 && value < 1 << bits
    guard fits else { throw AssemblyError(reason: "\(value) does not fit \(bits) bits") }
    var rest = value
    for field in fields.reversed() {
      word = field.inserting(UInt32(truncatingIfNeeded: rest), into: word)
      rest >>= Int64(field.width)
    }
  }
}

extension BitfieldAlias {
  /// Writes the constant to `immr` and `imms`; operands are written in order.
  func encode(
    _ value: Int, _ fields: BitfieldFields, into word: inout UInt32, width: Int
  ) throws(AssemblyError) {
    func insert(immr: Int? = nil, imms: Int? = nil) {
      if let immr { word = fields.immr.inserting(UInt32(immr), into: word) }
      if let imms { word = fields.imms.inserting(UInt32(imms), into: word) }
    }
    let immr = Int(fields.immr.value(in: word))
    let room: ClosedRange<Int> =
      switch self {
      case .leftShift, .insertPosition: 0...(width - 1)
      case .insertWidth: 1...(immr == 0 ? width : immr)
      case .extractWidth: 1...(width - immr)
      }
    guard room.contains(value) else {
      throw AssemblyError(reason: "\(value) where \(room.lowerBound) to \(room.upperBound) fit")
    }
    switch self {
    case .leftShift: insert(immr: (width - value) % width, imms: width - 1 - value)
    case .insertPosition: insert(immr: (width - value) % width)
    case .insertWidth: insert(imms: value - 1)
    case .extractWidth: insert(imms: immr + value - 1)
    }
  }
}

extension MemoryNotation {
  /// Writes a memory operand to its fields.
  func encode(_ memory: MemoryOperand, into word: inout UInt32) throws(AssemblyError) {
    guard let register = memory.base, let number = register.cell?.index, number < 32,
      ARM64.xOrSP[number] == register, memory.mode == mode,
      memory.width == width << Int(widthScale?.value(in: word) ?? 0)
    else { throw AssemblyError(reason: "an address of another kind") }
    word = base.inserting(UInt32(number), into: word)
    switch offset {
    case .none:
      guard memory.displacement == 0, memory.index == nil else {
        throw AssemblyError(reason: "an offset where none fits")
      }
    case .immediate(let field, let isSigned, let scale):
      guard memory.index == nil else { throw AssemblyError(reason: "an index where none fits") }
      try encode(memory.displacement, field, isSigned: isSigned, Int64(scale), &word)
    case .register(let field, let option, let isScaled, let scaleShift):
      guard let index = memory.index, memory.displacement == 0,
        memory.scale == 0 || memory.scale == scaleShift
      else { throw AssemblyError(reason: "no such index") }
      let code = memory.extend.flatMap { OperandKind.extensions.firstIndex(of: $0) } ?? 3
      let number = index.cell?.index ?? 31
      guard code & 2 == 2, index == (code & 1 == 1 ? ARM64.x : ARM64.w)[number] else {
        throw AssemblyError(reason: "\(index.name) cannot be extended this way")
      }
      word = field.inserting(UInt32(number), into: word)
      word = option.inserting(UInt32(code), into: word)
      word = isScaled.inserting(memory.scale > 0 ? 1 : 0, into: word)
    case .transferSize:
      guard memory.index == nil, memory.displacement == Int64(memory.width / 8) else {
        throw AssemblyError(
          reason: "offset \(memory.displacement) where only \(memory.width / 8) fits")
      }
    case .postRegister(let field):
      guard let number = memory.index?.cell?.index, number < 31, memory.displacement == 0,
        ARM64.x[number] == memory.index
      else { throw AssemblyError(reason: "no such index") }
      word = field.inserting(UInt32(number), into: word)
    }
  }

  private func encode(
    _ value: Int64, _ field: BitField, isSigned: Bool, _ scale: Int64, _ word: inout UInt32
  ) throws(AssemblyError) {
    if isSigned {
      try OperandKind.encode(scaled: value, by: scale, "an offset", field, &word)
      return
    }
    guard value % scale == 0, value >= 0, value / scale <= Int64(field.mask) else {
      throw AssemblyError(
        reason: "offset \(value), not a multiple of \(scale) in 0...\(Int64(field.mask) * scale)")
    }
    word = field.inserting(UInt32(value / scale), into: word)
  }
}
