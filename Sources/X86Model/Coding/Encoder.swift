import MachineModel
import Terms

/// Writes one instruction by its pattern.
///
/// The canonical bytes are: prefixes in the order 67, 66, F2 or F3, a REX byte only where it is
/// needed, no SIB byte and no displacement byte that could be left out. What the instruction's
/// annotation notes is added.
struct Encoder {
  let pattern: Pattern
  let layout: Layout
  var rex: UInt8 = 0
  var needsREX = false
  var forbidsREX = false
  var has67 = false
  var isStackGuard = false
  var opcode: UInt8
  var modRM: UInt8 = 0
  var vector = 0
  /// EVEX.aaa, EVEX.z and EVEX.b; EVEX.R' as bit 4 of the reg field's register.
  var mask = 0
  var isZeroing = false
  var isBroadcast = false
  var fifthBit: UInt8 = 0
  /// SIB and displacement.
  var tail: [UInt8] = []
  var immediates: [UInt8] = []
  /// The address that the last four bytes of `tail`, or all of `immediates`, are relative to the
  /// end for.
  var relativeMemory: Int64?
  var relativeTarget: UInt64?

  init(_ pattern: Pattern, _ layout: Layout) {
    self.pattern = pattern
    self.layout = layout
    opcode = pattern.opcode
    if pattern.rexW { rex |= 8 }
    if case .digit(let digit) = pattern.modRM { modRM = UInt8(digit << 3) | 0xC0 }
    if case .fixed(let byte) = pattern.modRM { modRM = byte }
    if pattern.modRM == .register { modRM = 0xC0 }
    has67 = pattern.needs67
  }

  static func encode(
    _ instruction: Instruction, _ pattern: Pattern
  ) throws(AssemblyError) -> [UInt8] {
    var encoder = Encoder(pattern, Layout(annotation: instruction.annotation))
    guard instruction.operands.count == pattern.operands.count else {
      throw AssemblyError(
        reason: "\(instruction.operands.count) operands for \(instruction.form.syntax)")
    }
    for (operand, place) in zip(instruction.operands, pattern.operands) {
      try encoder.put(operand, place)
    }
    return try encoder.finish(at: instruction.address)
  }

  // MARK: Operands

  private mutating func put(
    _ operand: Operand, _ place: OperandPattern
  ) throws(AssemblyError) {
    switch (operand, place.place) {
    case (.register(let register), .fixed(let expected)) where register == expected: break
    case (.immediate(let value), .one) where value == BitVector(1, width: 8): break
    case (.register(let register), .register): try put(register, place, .register)
    case (.register(let register), .vector): try put(register, place, .vector)
    case (.register(let register), .registerOrMemory):
      try put(register, place, .registerOrMemory)
    case (.memory(let memory), .registerOrMemory), (.memory(let memory), .memory):
      isBroadcast = place.broadcast != 0 && memory.width == place.broadcast
      guard memory.width == place.width || isBroadcast, pattern.allowsMemory else {
        throw AssemblyError(reason: "\(memory.width) bits of memory, not \(place.width)")
      }
      try put(memory)
    case (.memory(let memory), .offset): try putOffset(memory, place)
    case (.immediate(let value), .immediate(let bits)):
      try put(value, bits: bits, width: place.width)
    case (.target(let target), .relative): relativeTarget = target
    case (.register(let register), .immediateRegister):
      try put(register, place, .immediateRegister)
    case (.register(let register), .mask) where register.bank == .mask: mask = register.number
    case (.code(let code), .zeroing): isZeroing = code != 0
    default:
      throw AssemblyError(reason: "operand \(operand) does not fit \(place)")
    }
  }

  private mutating func put(
    _ register: Register, _ operand: OperandPattern, _ place: OperandPattern.Place
  ) throws(AssemblyError) {
    guard register.width == operand.registerWidth, register.cell != nil,
      register.bank == operand.bank,
      register.number < operand.registerCount(isEVEX: pattern.map.isEVEX)
    else {
      throw AssemblyError(
        reason: "\(register.name) is not a register of \(operand.registerWidth) bits")
    }
    if register.forbidsREX { forbidsREX = true }
    if register.needsREX { needsREX = true }
    let number = UInt8(register.number)
    if place == .vector {
      vector = Int(number)
    } else if place == .immediateRegister {
      append(UInt64(number) << 4, 1)
    } else if place == .register, pattern.addsRegister {
      if pattern.excludesZero, number == 0 {
        throw AssemblyError(reason: "\(register.name) in this place is a no-op")
      }
      opcode |= number & 7
      rex |= number >> 3
    } else if place == .register {
      modRM |= (number & 7) << 3
      rex |= (number >> 3 & 1) << 2
      fifthBit = number >> 4
    } else {
      modRM |= number & 7
      rex |= number >> 3 & 1 | (number >> 4) << 1
    }
  }

  private mutating func putOffset(
    _ memory: MemoryOperand, _ place: OperandPattern
  ) throws(AssemblyError) {
    guard memory.base == nil, memory.index == nil, !memory.isRelative,
      !memory.isStackGuard, memory.width == place.width
    else { throw AssemblyError(reason: "only an absolute address fits \(place)") }
    has67 = has67 || memory.addressWidth == 32
    append(UInt64(bitPattern: memory.displacement), memory.addressWidth / 8)
  }

  private mutating func put(
    _ value: BitVector, bits: Int, width: Int
  ) throws(AssemblyError) {
    guard value.width == width,
      BitVector(signed: value.extracting(bits - 1, 0).signedLow, width: width) == value
    else {
      throw AssemblyError(reason: "\(value.signedDecimal) does not fit \(bits) bits")
    }
    append(value.low, bits / 8)
  }

  private mutating func append(_ value: UInt64, _ count: Int) {
    for index in 0..<count {
      immediates.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
    }
  }

  // MARK: Bytes

  private mutating func finish(at address: UInt64) throws(AssemblyError) -> [UInt8] {
    if relativeTarget != nil {
      immediates = [UInt8](repeating: 0, count: pattern.immediateBytes)
    }
    var bytes = try head()
    if pattern.hasModRM { bytes.append(modRM) }
    bytes += tail
    let memoryEnd = bytes.count
    bytes += immediates
    let end = address &+ UInt64(bytes.count)
    if let relativeMemory {
      try patch(
        &bytes, memoryEnd - 4, 4, UInt64(bitPattern: relativeMemory), end,
        wraps: has67)
    }
    if let relativeTarget {
      try patch(&bytes, memoryEnd, pattern.immediateBytes, relativeTarget, end, wraps: false)
    }
    if bytes.count > 15 {
      throw AssemblyError(reason: "\(bytes.count) bytes, more than the 15 allowed")
    }
    return bytes
  }

  private func head() throws(AssemblyError) -> [UInt8] {
    var bytes = Layout.bytes(layout.prefixes)
    if bytes.isEmpty {
      if isStackGuard { bytes.append(0x64) }
      if has67 { bytes.append(0x67) }
      if pattern.needs66 { bytes.append(0x66) }
      if pattern.repeats == .required2 { bytes.append(0xF2) }
      if pattern.repeats == .required3 { bytes.append(0xF3) }
    }
    let all = rex | layout.rex & 15
    if pattern.map.isEVEX { return try bytes + evexBytes(all) }
    if pattern.map.isVEX { return bytes + vexBytes(all) }
    if all != 0 || needsREX || layout.rex != 0 {
      if forbidsREX {
        throw AssemblyError(reason: "ah, ch, dh and bh cannot be used with a REX prefix")
      }
      bytes.append(0x40 | all)
    }
    return bytes + pattern.map.escape + [opcode]
  }

  private func patch(
    _ bytes: inout [UInt8], _ place: Int, _ count: Int, _ target: UInt64, _ end: UInt64,
    wraps: Bool
  ) throws(AssemblyError) {
    let exact = Int64(bitPattern: target &- end)
    let offset = wraps ? Int64(Int32(truncatingIfNeeded: exact)) : exact
    let shift = Int64(64 - 8 * count)
    guard (offset << shift) >> shift == offset else {
      throw AssemblyError(reason: "offset \(offset) does not fit \(count * 8) bits")
    }
    for index in 0..<count {
      bytes[place + index] = UInt8(truncatingIfNeeded: offset >> Int64(8 * index))
    }
  }
}
