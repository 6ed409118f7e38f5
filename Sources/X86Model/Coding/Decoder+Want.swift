extension Decoder {
  /// What the decoder reads after all its bytes.
  enum Want {
    /// There is no such instruction.
    case nothing
    /// A prefix or an opcode byte.
    case opcode
    case modRM
    /// The SIB byte of a form.
    case sib(form: Int)
    /// Displacement and immediates, if any.
    case rest
  }

  /// What comes after the bytes, all of which are needed to say so; `nothing` where it is clear that
  /// no instruction of the choice begins so.
  mutating func want(_ scope: ChoiceScope) -> Want {
    do {
      try readOpcode()
    } catch {
      let isOpen = error.kind == .truncated && !prefixes.hasStrayREX && !prefixes.hasSegment
      return isOpen && scope.mayFollow(prefixes, map) ? .opcode : .nothing
    }
    if tables.hasModRM[map.rawValue << 8 | Int(opcode)] {
      guard let byte = try? cursor.next() else { return offers(scope) ? .modRM : .nothing }
      modRM = byte
    }
    guard let form = selected() else { return .nothing }
    let facts = scope.forms[form]
    let isMemory = tables.plans[form].traits.contains(.hasModRM) && modRM < 0xC0
    let hasMemory = facts.hasModRMOperand && isMemory || facts.hasOffset
    guard facts.accepts(hasMemory: hasMemory) else { return .nothing }
    if isMemory, modRM & 7 == 4, (try? cursor.next()) == nil { return .sib(form: form) }
    return .rest
  }

  /// Whether a form at the opcode is in the choice, with the prefixes and some ModRM.
  private mutating func offers(_ scope: ChoiceScope) -> Bool {
    for digit in UInt8(0)..<8 {
      let slot = tables.slots[Tables.slot(map, opcode, Int(digit))]
      for index in Int(slot.first)..<Int(slot.first) + Int(slot.count) {
        let candidate = tables.candidates[index]
        let facts = scope.forms[Int(candidate.form)]
        if prefixes.hasLock, !facts.isLockable { continue }
        for mode in [UInt8(0), 0xC0] where facts.accepts(hasMemory: mode == 0) {
          modRM = candidate.modRM < 256 ? UInt8(candidate.modRM) : mode | digit << 3
          if signature().isSubset(of: candidate.allowed) { return true }
        }
      }
    }
    return false
  }
}
