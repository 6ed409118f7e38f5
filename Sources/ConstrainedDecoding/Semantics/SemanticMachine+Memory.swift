import MachineModel

/// What an instruction does to registers, flags and the frame.
extension SemanticMachine {
  /// Does to `after` what an instruction does to registers and memory; why it may not, if so.
  func execute(_ effect: InstructionEffect, _ after: inout Knowledge) -> Refusal? {
    let before = after
    var loaded: [KnownValue] = []
    var undefinedLoads: Set<Int> = []
    for (index, access) in effect.accesses.enumerated() {
      var value = KnownValue.unknown
      // It goes on at places that are not followed.
      if effect.isRepeated, region(access, before)?.kind == .stack { return .repeated }
      if effect.flow != .return {
        var isDefined = true
        if let refusal = access.isStore
          ? store(access, before, effect, &after)
          : load(access, after, before, &value, &isDefined)
        {
          return refusal
        }
        if !isDefined {
          if access.isUsed, rules.readsDefined { return .uninitialised }
          undefinedLoads.insert(index)
        }
      }
      loaded.append(value)
    }
    update(effect, before, loaded, undefinedLoads, &after)
    let stack = after.values[rules.stackPointer]
    if stack.kind == .stack {
      after.frame.release(below: stack.offset - Int32(rules.convention.redZone))
      if -Int64(stack.offset) > rules.maximumFrame { return .frame }
    } else if rules.balancesStack {
      return .stackPointer
    } else {
      // Anything may be below the stack pointer by now.
      after.frame = FrameContents()
    }
    return after.frame.pieces.count > SemanticMachine.pieceLimit ? .frame : nil
  }

  private func update(
    _ effect: InstructionEffect, _ before: Knowledge, _ loaded: [KnownValue],
    _ undefinedLoads: Set<Int>, _ after: inout Knowledge
  ) {
    after.defined.formUnion(effect.defines)
    after.defined.subtract(effect.undefines)
    for propagation in effect.propagations
    where !propagation.from.isSubset(of: before.defined) {
      after.defined.remove(propagation.flag)
    }
    for change in effect.sources {
      let cell = change.cell
      switch change.source {
      case .unknown, .open, .openImmediate: after.values[cell] = .unknown
      case .derived(let cells): after.values[cell] = derived(from: cells, before)
      case .sum(let from, let constant): after.values[cell] = before.values[from].adding(constant)
      case .load(let index):
        after.values[cell] = loaded[index]
        if undefinedLoads.contains(index) { after.defined.subtract(rules.parts.all(of: cell)) }
      }
      if effect.isRepeated { after.values[cell] = .unknown }
    }
  }

  /// The region that an access is in; nil for an address that is not followed.
  func region(_ access: InstructionEffect.Access, _ before: Knowledge) -> KnownValue? {
    let value =
      access.base.map { before.values[$0].adding(access.offset) }
      ?? derived(from: access.derived, before)
    switch value.kind {
    case .stack, .buffer: return value
    case .within: return rules.addresses == .anyOffset ? value : nil
    case .unknown, .entry: return nil
    }
  }

  /// What is known of a sum of cells and of what is not followed: a pointer of a buffer plus anything, if one of the
  /// cells is a pointer.
  func derived(from cells: CellList, _ known: Knowledge) -> KnownValue {
    var result = KnownValue.unknown
    guard rules.addresses == .anyOffset else { return result }
    for index in 0..<cells.count {
      let value = known.values[cells[index]]
      if value.isInBuffer, result == .unknown {
        result = KnownValue(.within, Int(value.index))
      } else if value.isInBuffer || value.kind == .stack {
        return .unknown
      }
    }
    return result
  }

  private func load(
    _ access: InstructionEffect.Access, _ now: Knowledge, _ before: Knowledge,
    _ value: inout KnownValue, _ isDefined: inout Bool
  ) -> Refusal? {
    guard let place = region(access, before) else { return rules.keepsMemory ? .address : nil }
    return place.isInBuffer
      ? outside(place, access.byteCount) : stackLoad(access, place, now, &value, &isDefined)
  }

  /// What a load from the stack has; why it may not be, if so.
  func stackLoad(
    _ access: InstructionEffect.Access, _ place: KnownValue, _ now: Knowledge,
    _ value: inout KnownValue, _ isDefined: inout Bool
  ) -> Refusal? {
    if rules.keepsMemory, !isOwn(place, access.byteCount, now) { return .outside }
    guard let piece = now.frame.load(place.offset, Int32(access.byteCount)) else {
      isDefined = false
      return rules.readsDefined ? .uninitialised : nil
    }
    value = piece.value
    isDefined = piece.isDefined
    return nil
  }

  private func store(
    _ access: InstructionEffect.Access, _ before: Knowledge, _ effect: InstructionEffect,
    _ after: inout Knowledge
  ) -> Refusal? {
    var isDefined = isDefined(access, before)
    guard let place = region(access, before) else {
      if rules.keepsMemory { return .address }
      return isDefined || !rules.readsDefined ? nil : .undefinedUse
    }
    if place.isInBuffer { return storeToBuffer(access, place, isDefined: isDefined) }
    if let refusal = stackStore(access, place, before, lowest: lowest(before, effect)) {
      return refusal
    }
    if access.isConditional {
      // The bytes are either these or those before.
      let old = after.frame.load(place.offset, Int32(access.byteCount))
      isDefined = isDefined && old?.isDefined ?? false
    }
    after.frame.store(
      FrameContents.Piece(
        offset: place.offset, byteCount: Int32(access.byteCount), value: stored(access, before),
        isDefined: isDefined))
    return nil
  }

  /// Why a store to the stack may not be, if so.
  func stackStore(
    _ access: InstructionEffect.Access, _ place: KnownValue, _ before: Knowledge, lowest: Knowledge
  ) -> Refusal? {
    if rules.keepsMemory, !isOwn(place, access.byteCount, lowest) { return .outside }
    if overwritesReturnAddress(place, access.byteCount) { return .returnAddress }
    // What is undefined may be put aside, to be taken back, only where it is a register to be kept.
    if rules.readsDefined, stored(access, before).kind != .entry, !isDefined(access, before) {
      return access.copied.map {
        .undefinedRead(part: rules.parts.all(of: $0).subtracting(before.defined).first ?? 0)
      } ?? .undefinedUse
    }
    return nil
  }

  /// What is known of what is stored.
  private func stored(_ access: InstructionEffect.Access, _ before: Knowledge) -> KnownValue {
    access.copied.map { before.values[$0] } ?? .unknown
  }

  /// Why a load or store at a place in a buffer may not be, if so; nothing that is followed changes by it.
  func bufferAccess(
    _ access: InstructionEffect.Access, _ place: KnownValue, _ before: Knowledge
  ) -> Refusal? {
    access.isStore
      ? storeToBuffer(access, place, isDefined: isDefined(access, before))
      : outside(place, access.byteCount)
  }

  /// Whether what is stored has a value, as far as the register says whose value it is.
  private func isDefined(_ access: InstructionEffect.Access, _ before: Knowledge) -> Bool {
    access.copied.map { rules.parts.all(of: $0).isSubset(of: before.defined) } ?? true
  }

  private func storeToBuffer(
    _ access: InstructionEffect.Access, _ place: KnownValue, isDefined: Bool
  ) -> Refusal? {
    if !isDefined, rules.readsDefined { return .undefinedUse }
    if rules.keepsMemory, !rules.buffers[Int(place.index)].isWritable { return .readOnly }
    return outside(place, access.byteCount)
  }

  /// Whether bytes are in the stack's arguments, or in the frame and not below the stack pointer and its
  /// red zone.
  private func isOwn(_ place: KnownValue, _ byteCount: Int, _ now: Knowledge) -> Bool {
    let end = Int64(place.offset) + Int64(byteCount)
    if rules.stackArguments.lowerBound <= place.offset, end <= rules.stackArguments.upperBound {
      return true
    }
    return end <= 0 && -Int64(place.offset) <= rules.maximumFrame && isAbove(place, now)
  }

  /// Whether a store changes where the return takes its address from.
  private func overwritesReturnAddress(_ place: KnownValue, _ byteCount: Int) -> Bool {
    rules.endsInReturn && rules.convention.returnAddress == .stack
      && (rules.balancesStack || rules.restoresCalleeSaved)
      && place.offset < rules.convention.poppedAtReturn && Int(place.offset) + byteCount > 0
  }

  /// Whether an address is not below the stack and its red zone.
  private func isAbove(_ place: KnownValue, _ now: Knowledge) -> Bool {
    let stack = now.values[rules.stackPointer]
    return stack.kind == .stack
      && Int64(place.offset) >= Int64(stack.offset) - rules.convention.redZone
  }

  /// What is known with the stack pointer as low as it is before or after an instruction.
  private func lowest(_ before: Knowledge, _ effect: InstructionEffect) -> Knowledge {
    var result = before
    for change in effect.sources where change.cell == rules.stackPointer {
      guard case .sum(let cell, let constant) = change.source else { continue }
      let new = before.values[cell].adding(constant)
      if new.kind == .stack, new.offset < before.values[rules.stackPointer].offset {
        result.values[rules.stackPointer] = new
      }
    }
    return result
  }

  private func outside(_ place: KnownValue, _ byteCount: Int) -> Refusal? {
    guard rules.keepsMemory, place.kind == .buffer else { return nil }
    let limit = rules.buffers[Int(place.index)].byteCount ?? 65_536
    return place.offset >= 0 && Int64(place.offset) + Int64(byteCount) <= limit ? nil : .outside
  }
}
