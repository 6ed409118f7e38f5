import MachineModel

/// Whether an instruction may stand somewhere, without the state that it leads to: for most instructions
/// that need not be made.
extension SemanticMachine {
  /// What can be said quickly.
  enum Judgement {
    case refused
    /// It may stand there; what is known to complete the code after it.
    case legal(Cost)
    /// `step` has to say.
    case open
  }

  /// What `step` would say of an instruction.
  func judge(
    _ state: SemanticState, _ template: EffectTemplate, _ found: EffectCache.Numbered
  ) -> Judgement {
    let sets = template.sets(found.cells, rules.parts)
    if refusal(state, sets) != nil { return .refused }
    if sets.flow == .return || sets.isRepeated { return .open }
    for access in template.effect.accesses {
      var access = access
      access.base = access.base.map { template.cell($0, found.cells) }
      access.copied = access.copied.map { template.cell($0, found.cells) }
      access.derived = access.derived.renamed { template.cell($0, found.cells) }
      switch judge(access, found.displacement, state.knowledge, template) {
      case .legal: break
      case let judgement: return judgement
      }
    }
    // With these the end of the code may be another one.
    for change in template.effect.sources {
      let cell = template.cell(change.cell, found.cells)
      guard rules.isFollowed[cell] else { continue }
      return isLost(cell, change.source, template, state) ? .refused : .open
    }
    guard let fills = fills(state, sets.flow, found) else { return .refused }
    if fills.bytes < 0 { return .open }
    var defined = state.knowledge.defined
    defined.formUnion(sets.defines)
    defined.subtract(sets.undefines)
    guard let definers = closers.define(defined.intersection(state.definedLater)) else {
      return .refused
    }
    return .legal(fills + definers + state.tail)
  }

  /// Whether an instruction that goes on behind it leaves a register that has to be kept without its value anywhere.
  private func isLost(
    _ cell: Int, _ source: InstructionEffect.Source, _ template: EffectTemplate,
    _ state: SemanticState
  ) -> Bool {
    guard source.isNew, cell != rules.stackPointer, template.effect.flow == .sequential,
      !template.effect.accesses.contains(where: \.isStore)
    else { return false }
    return !state.knowledge.frame.pieces.contains { $0.value == rules.entry.values[cell] }
  }

  private func judge(
    _ access: InstructionEffect.Access, _ displacement: Int64, _ known: Knowledge,
    _ template: EffectTemplate
  ) -> Judgement {
    let value =
      access.base.map { known.values[$0] } ?? derived(from: access.derived, known)
    let place = value.adding(access.offset &+ (access.isOpen ? displacement : 0))
    switch value.kind {
    case .stack: return stackAccess(access, place, known, template)
    case .within where rules.addresses == .anyOffset, .buffer:
      guard place.isInBuffer else { return .open }
      return bufferAccess(access, place, known) == nil ? .legal(Cost()) : .refused
    case .unknown, .entry, .within: return rules.keepsMemory ? .refused : .open
    }
  }

  /// Of a store only why it may not be is said, since the state after it is another one.
  private func stackAccess(
    _ access: InstructionEffect.Access, _ place: KnownValue, _ known: Knowledge,
    _ template: EffectTemplate
  ) -> Judgement {
    guard place.kind == .stack else { return .open }
    if access.isStore {
      if template.effect.sources.contains(where: { $0.cell == rules.stackPointer }) { return .open }
      return stackStore(access, place, known, lowest: known) == nil ? .open : .refused
    }
    var (value, isDefined) = (KnownValue.unknown, true)
    if stackLoad(access, place, known, &value, &isDefined) != nil { return .refused }
    if isDefined { return .legal(Cost()) }
    return access.isUsed && rules.readsDefined ? .refused : .open
  }

  // MARK: Later places

  /// A cost that stands for one that was not found out.
  private static let unknown = Cost(instructions: 0, bytes: -1)

  /// What fills the way to the places that branches go to after an instruction; nil if it cannot be
  /// filled or the instruction may not be there.
  private func fills(
    _ state: SemanticState, _ flow: Flow, _ found: EffectCache.Numbered
  ) -> Cost? {
    let length = Int(found.length)
    if let first = state.pending.first, first.distance <= length {
      return first.distance < length ? nil : SemanticMachine.unknown
    }
    guard flow != .sequential else { return fills(state, length, branch: nil) }
    guard let target = found.target else { return nil }
    if target == 0 { return SemanticMachine.unknown }
    if flow == .jump { return rules.branches == .loops ? SemanticMachine.unknown : nil }
    if target < 0 {
      return rules.branches == .loops ? SemanticMachine.unknown : nil
    }
    let isKnown = state.pending.contains { $0.distance - length == target }
    guard target <= SemanticMachine.forwardReach,
      isKnown || state.pending.count < SemanticMachine.pendingLimit
    else { return nil }
    return fills(state, length, branch: isKnown ? nil : target)
  }

  /// The same, of the places that there are and another one.
  private func fills(_ state: SemanticState, _ length: Int, branch: Int?) -> Cost? {
    var cost = Cost()
    func reach(_ distance: Int) -> Bool {
      guard let fill = closers.fill(distance - cost.bytes) else { return false }
      cost = Cost(instructions: cost.instructions + fill.count, bytes: distance)
      return true
    }
    var branch = branch
    for place in state.pending {
      let distance = place.distance - length
      if let target = branch, target < distance {
        guard reach(target) else { return nil }
        branch = nil
      }
      guard reach(distance) else { return nil }
    }
    if let branch { guard reach(branch) else { return nil } }
    return cost
  }
}
