import MachineModel
import Terms

/// From assembly to operands.
extension OperandKind {
  /// Reads this operand from the next items of a line.
  func parse(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> Operand {
    switch self {
    case .register(_, let width, let isStackPointer):
      let register = try OperandKind.register(&scanner)
      guard register.width == width, isStackPointer ? register.cell != nil : !register.isSP else {
        throw AssemblyError(
          column: scanner.column, reason: "\(register.name) cannot stand here")
      }
      return .register(register)
    case .following(_, let width):
      let register = try OperandKind.register(&scanner)
      guard register.width == width, !register.isSP else {
        throw AssemblyError(
          column: scanner.column, reason: "\(register.name) cannot stand here")
      }
      return .register(register)
    case .shifted: return try OperandKind.shifted(&scanner)
    case .extended(_, let width, _, _, _): return try OperandKind.extended(&scanner, width)
    case .immediate(_, let width, _), .bitmask(_, let width, _), .wide(_, _, let width, _):
      return .immediate(try OperandKind.constant(&scanner, width))
    case .code, .bitfield: return .code(try OperandKind.small(&scanner))
    case .shiftAmount:
      guard let (modifier, amount) = try scanner.modifier() else { return .code(0) }
      guard modifier == .lsl, let amount else {
        throw AssemblyError(column: scanner.column, reason: "only lsl # can stand here")
      }
      return .code(amount)
    case .condition:
      let item = try scanner.next("a condition")
      guard let code = NamedCode.condition(item.text.lowercased()) else {
        throw AssemblyError(
          column: item.column, reason: "\"\(item.text)\" where a condition belongs")
      }
      return .code(code)
    case .named(_, let names):
      if let item = scanner.items.first, let code = names.value(item.text.lowercased()) {
        _ = try scanner.next("a name")
        return .code(code)
      }
      return .code(try OperandKind.small(&scanner))
    case .target: return .target(try scanner.place())
    case .relative(_, let isPage, _, let width):
      let place = Int64(bitPattern: try scanner.place(isPage: isPage))
      return .memory(MemoryOperand(displacement: place, isRelative: true, width: width))
    case .memory(let notation): return .memory(try notation.parse(&scanner))
    case .vector(let notation): return .register(try notation.parse(&scanner))
    case .vectorImmediate(let notation): return try notation.parse(&scanner)
    }
  }

  /// `operand` as read, a memory operand with the width that `word` says by what stands before it.
  func scaled(_ operand: Operand, _ word: UInt32) -> Operand {
    guard case .memory(let notation) = self, let scale = notation.widthScale,
      case .memory(var memory) = operand
    else { return operand }
    memory.width = notation.width << Int(scale.value(in: word))
    return .memory(memory)
  }

  static func register(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> Register {
    let item = try scanner.next("a register")
    guard let register = ARM64.registersByName[item.text.lowercased()] else {
      throw AssemblyError(
        column: item.column, reason: "\"\(item.text)\" where a register belongs")
    }
    return register
  }

  private static func shifted(
    _ scanner: inout AssemblyScanner
  ) throws(AssemblyError) -> Operand {
    let register = try register(&scanner)
    guard let (modifier, amount) = try scanner.modifier() else {
      return .modified(register, .lsl, amount: 0)
    }
    guard let amount else {
      throw AssemblyError(column: scanner.column, reason: "a shift without an amount")
    }
    return .modified(register, modifier, amount: amount)
  }

  /// LSL stands for the extension that changes nothing, and may be left out.
  private static func extended(
    _ scanner: inout AssemblyScanner, _ width: Int
  ) throws(AssemblyError) -> Operand {
    let register = try register(&scanner)
    let plain = width == 32 ? Modifier.uxtw : .uxtx
    let found = try scanner.modifier()
    if found == nil, register.width != width {
      throw AssemblyError(column: scanner.column, reason: "an extension is missing")
    }
    let modifier = found?.0 ?? .lsl
    return .modified(register, modifier == .lsl ? plain : modifier, amount: found?.amount ?? 0)
  }

  /// A constant of `width` bits, signed or unsigned.
  private static func constant(
    _ scanner: inout AssemblyScanner, _ width: Int
  ) throws(AssemblyError) -> BitVector {
    let value = try scanner.constant()
    guard value >= -(Int128(1) << Int128(width - 1)), value < Int128(1) << Int128(width) else {
      throw AssemblyError(
        column: scanner.column, reason: "\(value) does not fit \(width) bits")
    }
    return BitVector(UInt64(truncatingIfNeeded: value), width: width)
  }

  private static func small(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> Int {
    let value = try scanner.constant()
    guard value >= 0, value < 1 << 32 else {
      throw AssemblyError(column: scanner.column, reason: "\(value) is out of range")
    }
    return Int(value)
  }
}

extension Register {
  /// Whether this is the stack pointer, whatever its width.
  var isSP: Bool { cell?.index == ARM64.stackPointerIndex }
}

extension MemoryNotation {
  /// Reads a memory operand: the bracket, and what follows it where the mode has that.
  func parse(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> MemoryOperand {
    let item = try scanner.next("an address")
    let isPre = item.text.hasSuffix("]!")
    guard item.text.hasPrefix("["), isPre || item.text.hasSuffix("]"),
      isPre == (mode == .preIndex)
    else {
      throw AssemblyError(column: item.column, reason: "\"\(item.text)\" where [...] belongs")
    }
    var inner = AssemblyScanner(
      "x " + item.text.dropFirst().dropLast(isPre ? 2 : 1), at: scanner.address, labels: [:])
    // The text inside is one column on, and two were put in front of it.
    let column = item.column - 2
    var result = MemoryOperand(mode: mode, width: width)
    do throws(AssemblyError) {
      result.base = try OperandKind.register(&inner)
      try parseOffset(&inner, into: &result)
      scanner.hasExplicitZeroShift = inner.hasExplicitZeroShift
      if mode == .postIndex, !inner.items.isEmpty {
        throw AssemblyError(column: 2, reason: "an offset in the brackets and none after them")
      }
      if let extra = inner.items.first {
        throw AssemblyError(column: extra.column, reason: "\"\(extra.text)\" is too much")
      }
    } catch {
      throw AssemblyError(column: error.column + column, reason: error.reason)
    }
    if mode == .postIndex {
      guard !scanner.items.isEmpty else {
        throw AssemblyError(column: item.column, reason: "no offset after the brackets")
      }
      if case .postRegister = offset {
        result.index = try OperandKind.register(&scanner)
      } else {
        result.displacement = try offset(&scanner)
      }
    } else {
      scanner.column = inner.column + column
    }
    return result
  }

  private func parseOffset(
    _ inner: inout AssemblyScanner, into result: inout MemoryOperand
  ) throws(AssemblyError) {
    switch offset {
    case .register(_, _, _, let scaleShift):
      result.index = try OperandKind.register(&inner)
      let found = try inner.modifier()
      result.extend = found.flatMap { $0.0 == .lsl || $0.0 == .uxtx ? nil : $0.0 }
      result.scale = found?.amount ?? 0
      inner.hasExplicitZeroShift = scaleShift == 0 && found?.amount == 0
    case .none, .immediate, .transferSize, .postRegister:
      if mode != .postIndex, !inner.items.isEmpty { result.displacement = try offset(&inner) }
    }
  }

  private func offset(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> Int64 {
    let value = try scanner.constant()
    guard let offset = Int64(exactly: value) else {
      throw AssemblyError(column: scanner.column, reason: "\(value) is out of range")
    }
    return offset
  }
}
