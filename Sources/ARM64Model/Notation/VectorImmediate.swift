import MachineModel
import Terms

/// The constants of SIMD instructions.
enum VectorImmediate: Sendable {
  /// `#<left>`, `#<right>`: a shift in `immh:immb`, whose highest one says the lane's width.
  case leftShift(immh: BitField, immb: BitField)
  case rightShift(immh: BitField, immb: BitField)
  /// `#<width>`: the width in bits of a source lane.
  case laneWidth(VectorNotation.LaneSize)
  /// `MSL #<sh>`: a shift by 8 or 16 that brings in ones.
  case maskShift(BitField)
  /// `#<bytes …>`: eight bits, each of them a byte of the 64-bit constant.
  case byteMask([BitField])
  /// `#<float …>`: eight bits of a floating-point number of 32 or 64 bits.
  case float([BitField], width: Int)

  /// The operand that a word holds; nil if its fields are reserved.
  func decode(_ word: UInt32) -> Operand? {
    switch self {
    case .leftShift(let immh, let immb), .rightShift(let immh, let immb):
      let value = Int(OperandKind.join([immh, immb], word))
      guard value >= 8 else { return nil }
      let width = 1 << (Int.bitWidth - 1 - value.leadingZeroBitCount)
      return .code(isRight ? 2 * width - value : value - width)
    case .laneWidth(let size):
      return size.value(in: word).map { .code(8 << $0) }
    case .maskShift(let field): return .code(field.value(in: word) == 0 ? 8 : 16)
    case .byteMask(let fields):
      let bits = OperandKind.join(fields, word)
      let mask = (0..<8).reduce(UInt64(0)) {
        $0 | (bits >> UInt32($1) & 1 == 1 ? UInt64(0xFF) << UInt64(8 * $1) : 0)
      }
      return .immediate(BitVector(mask, width: 64))
    case .float(let fields, let width):
      return .immediate(VectorImmediate.expand(OperandKind.join(fields, word), width: width))
    }
  }

  private var isRight: Bool { if case .rightShift = self { true } else { false } }

  /// Writes an operand to the fields; a shift after the register that says the lane's width.
  func encode(_ operand: Operand, into word: inout UInt32) throws(AssemblyError) {
    switch (self, operand) {
    case (.leftShift(let immh, let immb), .code(let amount)),
      (.rightShift(let immh, let immb), .code(let amount)):
      let marker = immh.value(in: word)
      let width = marker == 0 ? 0 : 8 << (31 - marker.leadingZeroBitCount)
      guard isRight ? 1...max(width, 1) ~= amount : 0..<width ~= amount else {
        throw AssemblyError(reason: "a shift by \(amount) of lanes of \(width) bits")
      }
      let value = UInt32(isRight ? 2 * width - amount : width + amount)
      word = immb.inserting(value, into: immh.inserting(value >> 3, into: word))
    case (.maskShift(let field), .code(let amount)) where amount == 8 || amount == 16:
      word = field.inserting(UInt32(amount / 16), into: word)
    case (.byteMask(let fields), .immediate(let value)),
      (.float(let fields, _), .immediate(let value)):
      guard let bits = (UInt32(0)..<256).first(where: { decodeBits($0) == value }) else {
        throw AssemblyError(reason: "\(value.smtlib) cannot be encoded")
      }
      word = OperandKind.splitting(bits, fields, word)
    default: break
    }
    guard decode(word) == operand else { throw AssemblyError(reason: "no such constant") }
  }

  /// The value that eight bits stand for.
  private func decodeBits(_ bits: UInt32) -> BitVector? {
    switch self {
    case .byteMask(let fields), .float(let fields, _):
      if case .immediate(let value) = decode(OperandKind.splitting(bits, fields, 0)) {
        return value
      }
      return nil
    default: return nil
    }
  }

  /// The number that eight bits stand for (Arm ARM, shared pseudocode, VFPExpandImm).
  private static func expand(_ bits: UInt32, width: Int) -> BitVector {
    let (exponentBits, fractionBits) = width == 64 ? (11, 52) : (8, 23)
    let (sign, high) = (UInt64(bits >> 7), UInt64(bits >> 6 & 1))
    let ones = (UInt64(1) << UInt64(exponentBits - 3)) - 1
    let exponent =
      (1 - high) << UInt64(exponentBits - 1) | (high * ones) << 2 | UInt64(bits >> 4 & 3)
    let fraction = UInt64(bits & 15) << UInt64(fractionBits - 4)
    return BitVector(
      sign << UInt64(width - 1) | exponent << UInt64(fractionBits) | fraction, width: width)
  }

  // MARK: Text

  /// The text of an operand.
  func text(of operand: Operand) -> String {
    switch (self, operand) {
    case (.maskShift, .code(let amount)): return "msl #\(amount)"
    case (.float(_, let width), .immediate(let value)):
      return VectorImmediate.decimal(value, width: width)
    case (_, .immediate(let value)): return "#0x" + String(value.low, radix: 16)
    case (_, .code(let amount)): return "#\(amount)"
    default: return "?"
    }
  }

  /// The number in decimal, which eight digits after the point hold exactly.
  private static func decimal(_ value: BitVector, width: Int) -> String {
    let number =
      width == 64
      ? Double(bitPattern: value.low) : Double(Float(bitPattern: UInt32(value.low)))
    let units = Int((abs(number) * 128).rounded())
    let digits = String(100_000_000 + units % 128 * 781_250).dropFirst()
    return "#\(number < 0 ? "-" : "")\(units / 128).\(digits)"
  }

  /// Reads an operand from the next item of a line.
  func parse(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> Operand {
    let item = try scanner.next("a constant")
    var text = item.text.lowercased()[...]
    if case .float(_, let width) = self {
      guard let value = Double(text.hasPrefix("#") ? text.dropFirst() : text) else {
        throw AssemblyError(column: item.column, reason: "\"\(item.text)\" is no number")
      }
      return .immediate(
        width == 64
          ? BitVector(value.bitPattern, width: 64)
          : BitVector(UInt64(Float(value).bitPattern), width: 32))
    }
    if case .maskShift = self {
      guard text.hasPrefix("msl") else {
        throw AssemblyError(column: item.column, reason: "\"\(item.text)\" where msl belongs")
      }
      text = text.dropFirst(3).drop { $0 == " " }
    }
    guard let value = AssemblyScanner.number(String(text)) else {
      throw AssemblyError(
        column: item.column, reason: "\"\(item.text)\" where a constant belongs")
    }
    if case .byteMask = self {
      return .immediate(BitVector(UInt64(truncatingIfNeeded: value), width: 64))
    }
    return .code(Int(truncatingIfNeeded: value))
  }
}
