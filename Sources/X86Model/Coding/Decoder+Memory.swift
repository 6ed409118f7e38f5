import MachineModel

/// ModRM and SIB, the rules about prefixes, and what is left to note for the encoder.
extension Decoder {
  /// Reads the memory operand of ModRM with its SIB and displacement.
  mutating func readMemory(_ plan: Plan) throws(DecodingFailure) {
    let mode = modRM >> 6
    let low = modRM & 7
    let bank = prefixes.has67 ? RegisterTable.bits32 : RegisterTable.bits64
    memory.addressWidth = prefixes.has67 ? 32 : 64
    var base: UInt8? = low
    var hasUselessSIB = false
    if low == 4 {
      let sib = try cursor.next()
      base = sib & 7
      let index = Int(sib >> 3 & 7) | (prefixes.rex & 2 != 0 ? 8 : 0)
      usedREX |= 2
      if index != 4 {
        memory.index = tables.registers[bank + index]
        memory.scale = Int(sib >> 6)
      } else {
        layout.scale = sib >> 6
        hasUselessSIB = base != 4
      }
      if mode == 0, base == 5 {
        base = nil
        hasUselessSIB = false
      }
    } else if mode == 0, low == 5 {
      return try readRelative(plan)
    }
    if let base {
      memory.base = tables.registers[bank + Int(base | (prefixes.rex & 1 != 0 ? 8 : 0))]
      usedREX |= 1
    }
    layout.hasSIB = hasUselessSIB
    let count = mode == 1 ? 1 : mode == 2 || base == nil ? 4 : 0
    let unit = Int64(evex.isBroadcast ? plan.broadcastUnit : plan.unit)
    memory.displacement = try cursor.signed(count) * (count == 1 ? unit : 1)
    if count != 0, base != nil, count != Layout.shortest(memory, unit: unit) {
      layout.displacement = count
    }
    memory.isStackGuard = isStackGuard(plan)
  }

  /// A displacement from the end of the instruction, which the immediates come before.
  private mutating func readRelative(_ plan: Plan) throws(DecodingFailure) {
    let offset = UInt64(bitPattern: try cursor.signed(4))
    let end = address &+ UInt64(cursor.position + Int(plan.immediateBytes))
    memory.isRelative = true
    memory.displacement = MemoryOperand.wrapped(end &+ offset, memory.addressWidth)
  }

  /// The rules about prefixes that do not select a form.
  mutating func check(_ plan: Plan) throws(DecodingFailure) {
    if map.isVEX {
      if vector != 0, !plan.traits.contains(.usesVector) {
        throw .invalid("VEX.vvvv must be 1111")
      }
      if evex.register != 0, !plan.traits.contains(.usesFifthBit) {
        throw .unsupported("EVEX.R' without a vector register")
      }
    }
    if prefixes.hasLock, modRM >= 0xC0 || !plan.traits.contains(.isLockable) {
      throw .invalid("LOCK is not allowed here")
    }
    if prefixes.has67, plan.traits.contains(.storesAtRDI) {
      throw .unsupported("67 before an instruction that stores at rdi")
    }
    if prefixes.hasStrayREX { throw .unsupported("REX before another prefix") }
    if prefixes.hasSegment, !memory.isStackGuard {
      throw .unsupported(
        "of FS and GS there is only the stack protector's guard, fs:[40], where MOV, SUB, XOR or CMP reads it"
      )
    }
    if prefixes.has66, plan.traits.contains(.isNearBranch) {
      throw .unsupported("66 on a near branch, on which processors differ")
    }
  }

  /// Whether the operand in memory is the eight bytes at `fs:[40]`, alone in an instruction that reads them
  /// (System V ABI, AMD64 supplement, 3.4.2, and glibc's `tcbhead_t`).
  private mutating func isStackGuard(_ plan: Plan) -> Bool {
    prefixes.segment == 0x64 && prefixes.segmentCount == 1 && !prefixes.has67
      && plan.traits.contains(.readsStackGuard)
      && memory.base == nil && memory.index == nil && memory.displacement == 40
  }

  /// Notes in `layout` what the canonical encoding would do otherwise.
  mutating func noteLayout(_ plan: Plan) {
    let traits = plan.traits
    if prefixes.sequence != 0 || plan.prefixes != 0 {
      let isAddressed = traits.contains(.hasModRM) && modRM < 0xC0
      let counts67 = isAddressed || !traits.isDisjoint(with: [.hasOffset, .needs67])
      let canonical = Int(
        prefixes.has67 && counts67 ? plan.prefixesWith67 : plan.prefixes)
      if prefixes.sequence != canonical { layout.prefixes = prefixes.sequence }
    }
    if traits.contains(.ignoresLength) { layout.length = vexLength }
    if traits.contains(.rexW) { usedREX |= 8 }
    if traits.contains(.needsClearB) { usedREX |= 1 }
    guard prefixes.rex != 0 else { return }
    let used = prefixes.rex & usedREX & 15
    let extra = prefixes.rex & ~usedREX & 15
    layout.rex = extra
    if map.isVEX {
      if isLongVEX, map == .vex0F, prefixes.rex & 11 == 0 { layout.rex |= 16 }
    } else if used == 0, !needsBareREX(traits) {
      layout.rex |= 16
    }
  }

  /// Whether a byte register of the instruction is `spl` or one of its kind.
  private mutating func needsBareREX(_ traits: Plan.Traits) -> Bool {
    if traits.contains(.hasByteRegister) {
      let number = traits.contains(.addsRegister) ? opcode & 7 : modRM >> 3 & 7
      if number >= 4 { return true }
    }
    return traits.contains(.hasByteRM) && modRM >= 0xC0 && modRM & 7 >= 4
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
    // A unit is a power of two.
    let isMultiple = operand.displacement & (unit - 1) == 0
    return isMultiple && (-128 * unit...127 * unit).contains(operand.displacement) ? 1 : 4
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
