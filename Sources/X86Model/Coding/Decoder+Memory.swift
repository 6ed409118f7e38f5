import MachineModel

/// ModRM and SIB, the rules about prefixes, and what is left to note for the encoder.
extension Decoder {
  /// The memory operand of ModRM with its SIB and displacement; its width is not known yet.
  mutating func readMemory(_ pattern: Pattern) throws(DecodingFailure) -> MemoryOperand {
    let mode = modRM >> 6
    let low = modRM & 7
    let registers = prefixes.has67 ? X86Registers.bits32 : X86Registers.bits64
    var operand = MemoryOperand(addressWidth: prefixes.has67 ? 32 : 64, width: 0)
    var base: UInt8? = low
    var hasUselessSIB = false
    if low == 4 {
      let sib = try cursor.next()
      base = sib & 7
      let index = Int(sib >> 3 & 7) | (prefixes.rex & 2 != 0 ? 8 : 0)
      usedREX |= 2
      if index != 4 {
        operand.index = registers[index]
        operand.scale = Int(sib >> 6)
      } else {
        layout.scale = sib >> 6
        hasUselessSIB = base != 4
      }
      if mode == 0, base == 5 {
        base = nil
        hasUselessSIB = false
      }
    } else if mode == 0, low == 5 {
      return try readRelative(operand, pattern)
    }
    if let base {
      operand.base = registers[Int(base) | (prefixes.rex & 1 != 0 ? 8 : 0)]
      usedREX |= 1
    }
    layout.hasSIB = hasUselessSIB
    let count = mode == 1 ? 1 : mode == 2 || base == nil ? 4 : 0
    let unit = pattern.displacementUnit(isBroadcast: evex.isBroadcast)
    operand.displacement = try cursor.signed(count) * (count == 1 ? unit : 1)
    if count != 0, base != nil, count != Layout.shortest(operand, unit: unit) {
      layout.displacement = count
    }
    return operand
  }

  /// A displacement from the end of the instruction, which the immediates come before.
  private mutating func readRelative(
    _ operand: MemoryOperand, _ pattern: Pattern
  ) throws(DecodingFailure) -> MemoryOperand {
    var operand = operand
    let offset = UInt64(bitPattern: try cursor.signed(4))
    let end = address &+ UInt64(cursor.position + pattern.immediateBytes)
    operand.isRelative = true
    operand.displacement = MemoryOperand.wrapped(end &+ offset, operand.addressWidth)
    return operand
  }

  /// The rules about prefixes that do not select a form.
  func check(_ form: Form, _ pattern: Pattern) throws(DecodingFailure) {
    if map.isVEX {
      if vector != 0, !pattern.operands.contains(where: { $0.place == .vector }) {
        throw .invalid("VEX.vvvv must be 1111")
      }
      if evex.register != 0, !usesFifthBit(pattern) {
        throw .unsupported("EVEX.R' without a vector register")
      }
    }
    if prefixes.hasLock {
      guard memory != nil, pattern.operands.first?.isModRM ?? false,
        Mnemonic.lockable.contains(form.mnemonic)
      else { throw .invalid("LOCK is not allowed here") }
    }
    if prefixes.hasStrayREX { throw .unsupported("REX before another prefix") }
    if prefixes.hasSegment { throw .unsupported("the segments FS and GS are not in the tables") }
    if prefixes.has66, form.family.flow.isNearBranch {
      throw .unsupported("66 on a near branch, on which processors differ")
    }
  }

  /// Whether the reg field of ModRM names a vector register, of which EVEX has 32.
  private func usesFifthBit(_ pattern: Pattern) -> Bool {
    pattern.operands.contains { $0.place == .register && $0.bank == .vector }
  }

  /// Notes in `layout` what the canonical encoding would do otherwise.
  mutating func noteLayout(_ pattern: Pattern) {
    let addressed = memory != nil || pattern.operands.contains { $0.place == .offset }
    let canonical = Layout.canonical(
      pattern, has67: prefixes.has67 && (addressed || pattern.needs67), isLocked: false)
    if prefixes.sequence != canonical { layout.prefixes = prefixes.sequence }
    if map.isVEX, pattern.vexLength == nil { layout.length = vexLength }
    if pattern.rexW { usedREX |= 8 }
    if pattern.needsClearB { usedREX |= 1 }
    guard prefixes.rex != 0 else { return }
    let used = prefixes.rex & usedREX & 15
    let extra = prefixes.rex & ~usedREX & 15
    layout.rex = extra
    if map.isVEX {
      if isLongVEX, map == .vex0F, prefixes.rex & 11 == 0 { layout.rex |= 16 }
    } else if used == 0, !needsBareREX(pattern) {
      layout.rex |= 16
    }
  }

  /// Whether a byte register of the instruction is `spl` or one of its kind.
  private func needsBareREX(_ pattern: Pattern) -> Bool {
    pattern.operands.contains { operand in
      guard operand.registerWidth == 8 else { return false }
      switch operand.place {
      case .register:
        return (4..<8).contains(pattern.addsRegister ? opcode & 7 : modRM >> 3 & 7)
      case .registerOrMemory: return modRM >> 6 == 3 && (4..<8).contains(modRM & 7)
      default: return false
      }
    }
  }
}

extension MemoryOperand {
  /// A whole address as a displacement, modulo the address's width.
  static func wrapped(_ address: UInt64, _ width: Int) -> Int64 {
    Int64(bitPattern: width == 32 ? address & 0xFFFF_FFFF : address)
  }
}

extension Layout {
  /// The fewest bytes that hold the displacement of an operand with a base; one byte counts in
  /// units.
  static func shortest(_ operand: MemoryOperand, unit: Int64) -> Int {
    guard let base = operand.base else { return 4 }
    if operand.displacement == 0, base.number & 7 != 5 { return 0 }
    let (count, rest) = operand.displacement.quotientAndRemainder(dividingBy: unit)
    return rest == 0 && count == Int64(Int8(truncatingIfNeeded: count)) ? 1 : 4
  }
}

extension Flow {
  /// Whether control may leave by an offset, a register or the stack.
  var isNearBranch: Bool {
    switch self {
    case .sequential, .trap: false
    case .jump, .conditionalJump, .call, .indirectJump, .indirectCall, .return: true
    }
  }
}
