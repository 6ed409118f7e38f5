import MachineModel

/// Which instructions need not be tried because of others, whatever the state is.
extension SemanticMachine {
  /// An effect with its template and what decides it without memory.
  struct Described {
    let template: EffectTemplate
    let effect: EffectCache.Numbered
    let sets: EffectSets

    init(_ template: EffectTemplate, _ effect: EffectCache.Numbered, _ parts: RegisterParts) {
      self.template = template
      self.effect = effect
      sets = template.sets(effect.cells, parts)
    }
  }

  /// Whether an instruction may stand nowhere.
  func isNeverLegal(_ one: Described) -> Bool {
    if rules.readsDefined, one.sets.usesUndefined { return true }
    if one.sets.changes.intersects(rules.frozen) { return true }
    if rules.keepsMemory {
      if one.sets.isRepeated { return true }
      if one.sets.flow != .return, one.template.effect.accesses.contains(where: { $0.base == nil })
      {
        return true
      }
    }
    return flowRefusal(one.sets.flow) != nil
  }

  /// Whether one instruction may stand wherever another one may, and ends no code later: the first reads
  /// registers only, changes none that is followed, and the other one goes on behind it and changes none either.
  func replaces(_ one: Described, _ other: Described) -> Bool {
    isPlain(one) && one.template.effect.accesses.isEmpty
      && !one.sets.undefines.intersects(rules.resultParts)
      && other.sets.flow == .sequential && isWithoutFollowed(other)
      && one.sets.reads.isSubset(of: other.sets.reads)
      && other.sets.defines.intersection(rules.resultParts).isSubset(of: one.sets.defines)
      && (one.effect.length == other.effect.length
        || one.effect.length < other.effect.length && fillsAnything)
  }

  private func isPlain(_ one: Described) -> Bool {
    one.sets.flow == .sequential && !one.sets.isRepeated && isWithoutFollowed(one)
  }

  /// Whether nothing changes that the end of the code depends on.
  private func isWithoutFollowed(_ one: Described) -> Bool {
    !one.template.effect.sources.contains {
      rules.isFollowed[one.template.cell($0.cell, one.effect.cells)]
    }
  }

  /// Whether any distance to a later place that a branch goes to can be filled.
  private var fillsAnything: Bool {
    rules.branches != .forward && rules.branches != .loops || closers.fill(1) != nil
  }
}
