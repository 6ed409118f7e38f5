import MachineModel

/// Which instructions need not be tried because of others, whatever the state is.
extension SemanticMachine {
  /// An effect with its template.
  struct Described {
    let template: EffectTemplate
    let effect: EffectCache.Numbered

    init(_ template: EffectTemplate, _ effect: EffectCache.Numbered) {
      self.template = template
      self.effect = effect
    }
  }

  /// Whether an instruction may stand nowhere.
  func isNeverLegal(_ one: Described) -> Bool {
    let effect = one.template.effect
    if rules.readsDefined, effect.usesUndefined { return true }
    if !rules.frozen.isEmpty {
      let changes = one.template.sets(one.effect.cells, rules.parts).changes
      if changes.intersects(rules.frozen) { return true }
    }
    if rules.keepsMemory {
      if effect.isRepeated { return true }
      if effect.flow != .return, effect.accesses.contains(where: isNowhere) {
        return true
      }
    }
    return flowRefusal(effect.flow) != nil
  }

  /// Whether no state knows where an access is.
  private func isNowhere(_ access: InstructionEffect.Access) -> Bool {
    access.base == nil && (access.derived.isEmpty || rules.addresses == .known)
  }

  /// Whether one instruction may stand wherever another one may, and ends no code later: the first reads
  /// registers only, changes none that is followed, and the other one goes on behind it and changes none either.
  func replaces(_ one: Described, _ other: Described) -> Bool {
    isPlain(one) && one.template.effect.accesses.isEmpty
      && other.template.effect.flow == .sequential
      && (one.effect.length == other.effect.length
        || one.effect.length < other.effect.length && fillsAnything)
      && isWithoutFollowed(other) && isByLess(one, other)
  }

  /// Whether one instruction reads no more than another one, leaves no result undefined, and defines all results
  /// that the other does.
  private func isByLess(_ one: Described, _ other: Described) -> Bool {
    let (own, theirs) = (one.effect.cells, other.effect.cells)
    guard
      one.template.reads(own, rules.parts).isSubset(of: other.template.reads(theirs, rules.parts)),
      !one.template.undefines(own, rules.parts).intersects(rules.resultParts)
    else { return false }
    return other.template.defines(theirs, rules.parts).intersection(rules.resultParts)
      .isSubset(of: one.template.defines(own, rules.parts))
  }

  private func isPlain(_ one: Described) -> Bool {
    one.template.effect.flow == .sequential && !one.template.effect.isRepeated
      && isWithoutFollowed(one)
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
