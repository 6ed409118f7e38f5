import MachineModel
import Terms

/// From the fields of a word to operands.
extension OperandKind {
  /// The operand that `word` holds; nil if its fields are reserved.
  func decode(_ word: UInt32, at address: UInt64) -> Operand? {
    switch self {
    case .register(let field, let width, let isStackPointer):
      return .register(
        OperandKind.register(field.value(in: word), width, isStackPointer: isStackPointer))
    case .following(let field, let width):
      return .register(
        OperandKind.register(field.value(in: word) + 1, width, isStackPointer: false))
    case .shifted(let field, let width, let shift, let amount):
      return .modified(
        OperandKind.register(field.value(in: word), width, isStackPointer: false),
        OperandKind.shifts[Int(shift.value(in: word))], amount: Int(amount.value(in: word)))
    case .extended(let field, let width, let option, let amount, _):
      let option = Int(option.value(in: word))
      let source = width == 64 && option & 3 == 3 ? 64 : 32
      return .modified(
        OperandKind.register(field.value(in: word), source, isStackPointer: false),
        OperandKind.extensions[option], amount: Int(amount.value(in: word)))
    case .immediate(let fields, let width, _):
      return .immediate(BitVector(UInt64(OperandKind.join(fields, word)), width: width))
    case .code(let fields): return .code(Int(OperandKind.join(fields, word)))
    case .shiftAmount(let field, let unit): return .code(Int(field.value(in: word)) * unit)
    case .bitmask(let fields, let width, let isMove):
      return OperandKind.bitmask(fields, word, width: width, isMove: isMove)
    case .condition(let field, let isInverted):
      return .code(Int(field.value(in: word)) ^ (isInverted ? 1 : 0))
    case .named(let field, _): return .code(Int(field.value(in: word)))
    case .bitfield(let alias, let fields, let width):
      return alias.decode(fields, word, width: width)
    case .wide(let field, let shift, let width, let isInverted):
      return OperandKind.wide(
        field.value(in: word), shift.value(in: word), width, isInverted: isInverted)
    case .target(let field):
      let offset = OperandKind.signed(field.value(in: word), field.width) * 4
      return .target(address &+ UInt64(bitPattern: offset))
    case .relative(let fields, let isPage, let scale, let width):
      return OperandKind.relative(
        fields, word, address, isPage: isPage, scale: scale, width: width)
    case .memory(let notation): return .memory(notation.decode(word))
    case .vector(let notation): return notation.decode(word).map { .register($0) }
    case .vectorImmediate(let notation): return notation.decode(word)
    }
  }

  static let shifts: [Modifier] = [.lsl, .lsr, .asr, .ror]
  static let extensions: [Modifier] = [
    .uxtb, .uxth, .uxtw, .uxtx, .sxtb, .sxth, .sxtw, .sxtx,
  ]

  /// The register that a field's value stands for.
  static func register(_ number: UInt32, _ width: Int, isStackPointer: Bool) -> Register {
    let number = Int(number)
    if isStackPointer { return width == 32 ? ARM64.wOrWSP[number] : ARM64.xOrSP[number] }
    return width == 32 ? ARM64.w[number] : ARM64.x[number]
  }

  /// The fields one after the other, the first one highest.
  static func join(_ fields: [BitField], _ word: UInt32) -> UInt32 {
    var result: UInt32 = 0
    for field in fields { result = result << UInt32(field.width) | field.value(in: word) }
    return result
  }

  static func signed(_ value: UInt32, _ width: Int) -> Int64 {
    let unused = UInt64(64 - width)
    return Int64(bitPattern: UInt64(value) << unused) >> Int64(unused)
  }

  private static func bitmask(
    _ fields: BitfieldFields, _ word: UInt32, width: Int, isMove: Bool
  ) -> Operand? {
    guard
      let value = BitmaskImmediate.decode(
        n: fields.n?.value(in: word) ?? 0, immr: fields.immr.value(in: word),
        imms: fields.imms.value(in: word), width: width)
    else { return nil }
    if isMove, BitmaskImmediate.prefersMoveWide(value, width: width) { return nil }
    return .immediate(BitVector(value, width: width))
  }

  /// MOVZ of zero shifted, and MOVN of what MOVZ can give, keep their own names.
  private static func wide(
    _ value: UInt32, _ shift: UInt32, _ width: Int, isInverted: Bool
  ) -> Operand? {
    if value == 0, shift != 0 { return nil }
    if isInverted, width == 32, value == 0xFFFF { return nil }
    let shifted = BitVector(UInt64(value) << UInt64(16 * shift), width: width)
    return .immediate(isInverted ? shifted.complement() : shifted)
  }

  private static func relative(
    _ fields: [BitField], _ word: UInt32, _ address: UInt64, isPage: Bool, scale: Int, width: Int
  ) -> Operand {
    let bits = fields.reduce(0) { $0 + $1.width }
    let offset = signed(join(fields, word), bits) * Int64(scale)
    let base = Int64(bitPattern: isPage ? address & ~0xFFF : address)
    let sum = base &+ (isPage ? offset << 12 : offset)
    return .memory(MemoryOperand(displacement: sum, isRelative: true, width: width))
  }
}

extension BitfieldAlias {
  /// The constant, or nil where the fields do not have this alias.
  func decode(_ fields: BitfieldFields, _ word: UInt32, width: Int) -> Operand? {
    let (immr, imms) = (Int(fields.immr.value(in: word)), Int(fields.imms.value(in: word)))
    switch self {
    case .leftShift: return imms + 1 == immr ? .code(width - immr) : nil
    case .insertPosition: return imms < immr ? .code(width - immr) : nil
    case .insertWidth: return imms < immr ? .code(imms + 1) : nil
    case .extractWidth: return imms >= immr ? .code(imms - immr + 1) : nil
    }
  }
}

extension MemoryNotation {
  /// The memory operand of `word`.
  func decode(_ word: UInt32) -> MemoryOperand {
    var result = MemoryOperand(
      base: ARM64.xOrSP[Int(base.value(in: word))], mode: mode,
      width: width << Int(widthScale?.value(in: word) ?? 0))
    switch offset {
    case .none: break
    case .immediate(let field, let isSigned, let scale):
      let value = field.value(in: word)
      let offset = isSigned ? OperandKind.signed(value, field.width) : Int64(value)
      result.displacement = offset * Int64(scale)
    case .register(let field, let option, let isScaled, let scaleShift):
      let option = Int(option.value(in: word))
      let number = Int(field.value(in: word))
      result.index = option & 1 == 1 ? ARM64.x[number] : ARM64.w[number]
      result.extend = option == 3 ? nil : OperandKind.extensions[option]
      result.scale = isScaled.value(in: word) == 1 ? scaleShift : 0
    case .transferSize: result.displacement = Int64(result.width / 8)
    case .postRegister(let field): result.index = ARM64.x[Int(field.value(in: word))]
    }
    return result
  }
}
