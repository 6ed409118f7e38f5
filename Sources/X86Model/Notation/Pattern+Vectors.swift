import MachineModel

/// Operands in vector and mask registers: where they are encoded follows from their order.
extension Pattern {
  /// Whether an operand is not in a general register or memory.
  var hasVectors: Bool { operands.contains { $0.bank != .general } }

  /// The operands at the end that say which elements are written.
  var maskCount: Int { operands.count { $0.place == .mask || $0.place == .zeroing } }

  /// The bytes that a displacement of one byte counts in: those of the memory operand in an EVEX
  /// instruction (Intel SDM, volume 2, 2.7.5), `element` bits if it is broadcast, else one.
  func displacementUnit(isBroadcast: Bool) -> Int64 {
    guard map.isEVEX, let operand = operands.first(where: { $0.isModRM }) else { return 1 }
    return Int64(Swift.max(8, isBroadcast ? operand.broadcast : operand.width) / 8)
  }

  /// The operands of the syntax; a mask and what becomes of masked elements come last.
  mutating func takeOperands(
    _ syntax: [Word], _ lexicon: inout Lexicon
  ) throws(NotationError) {
    var isMnemonic = true
    var masks: [OperandPattern] = []
    operands.reserveCapacity(4)
    for word in syntax {
      if isMnemonic {
        mnemonic = word
        isMnemonic = lexicon.prefixes.contains(word)
        continue
      }
      let name = word.bare
      if name[0] == UInt8(ascii: "{") {
        masks = Pattern.masks(hasZeroing: name.hasSuffix("{z}"))
      } else {
        operands.append(try lexicon.operand(name))
      }
    }
    if !masks.isEmpty { operands += masks }
  }

  /// `{k1}` and, after it, `{z}`.
  private static func masks(hasZeroing: Bool) -> [OperandPattern] {
    var mask = OperandPattern(.mask, width: 64)
    mask.bank = .mask
    return hasZeroing ? [mask, OperandPattern(.zeroing, width: 1)] : [mask]
  }

  /// Places registers that are named without a place, by the manual's orders of operands: RM, RVM,
  /// RVMR, RMV and VM, or MR and MVR where the rm field comes first.
  mutating func placeRegisters(_ syntax: [Word]) throws(NotationError) {
    let upper: Register.Upper = !map.isVEX && hasVectors ? .keep : .zero
    var open = 0
    for index in operands.indices {
      operands[index].upper = upper
      if operands[index].isUnplaced { open += 1 }
    }
    guard open > 0 else { return }
    let places = openPlaces(open)
    guard places.count == open else {
      throw NotationError(reason: "no places for the registers of '\(Word.text(of: syntax))'")
    }
    var next = 0
    for index in operands.indices where operands[index].isUnplaced {
      if places[next] == .registerOrMemory { allowsMemory = false }
      operands[index].place = places[next]
      operands[index].isUnplaced = false
      next += 1
    }
  }

  /// The places that are left for `count` registers, in order.
  private func openPlaces(_ count: Int) -> [OperandPattern.Place] {
    let hasRegister = operands.contains { $0.place == .register && !$0.isUnplaced }
    let isMemoryFirst = operands.first?.isModRM ?? false
    let needsMemory = !operands.contains { $0.isModRM }
    var places: [OperandPattern.Place] = []
    places.reserveCapacity(4)
    if modRM == .register, !hasRegister { places.append(.register) }
    let own = places.count + (needsMemory ? 1 : 0)
    if map.isVEX, count > own { places.append(.vector) }
    if needsMemory { places.append(.registerOrMemory) }
    if map.isVEX, count > places.count { places.append(.immediateRegister) }
    // MR and MVR: from the rm field to the reg field.
    return isMemoryFirst || registerIsLast ? places.reversed() : places
  }
}
