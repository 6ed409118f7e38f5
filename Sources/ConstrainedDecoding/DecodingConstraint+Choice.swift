import MachineModel

/// A constraint against an architecture's rows: which instructions it leaves, and how well.
struct ConstraintPlan {
  private(set) var reports: [ConstraintReport] = []
  private(set) var constraint: DecodingConstraint
  /// The tables, and those of them that the constraint's CPU has.
  let base: any Architecture
  let architecture: any Architecture
  /// What forms do besides what their operands name; nil while no part of a constraint asks for it.
  let effects: EffectTable?
  private var allowed: Set<Cell>?
  private var forbidden: Set<Cell> = []

  /// - Parameter known: the effects of the architecture's forms, if they are known.
  /// - Throws: `DecoderError` for names that the architecture does not have, or a refused part.
  init(
    _ constraint: DecodingConstraint, _ base: any Architecture, effects known: EffectTable? = nil
  ) throws(DecoderError) {
    self.constraint = constraint
    self.base = base
    guard base.name == constraint.isa else {
      throw DecoderError("a constraint for \(constraint.isa) with the tables of \(base.name)")
    }
    do {
      architecture = base.restricted(to: try base.profile(named: constraint.cpu ?? "any"))
    } catch {
      throw DecoderError(error.description)
    }
    effects = known ?? (constraint.needsEffects ? EffectTable(base) : nil)
    try checkMnemonics()
    try readRegisters()
    try report()
  }

  /// The plan of another constraint for an architecture, of which what does not differ is kept.
  ///
  /// - Throws: as the other `init`.
  init(_ constraint: DecodingConstraint, _ other: ConstraintPlan) throws(DecoderError) {
    guard constraint.ofInstructions == other.constraint.ofInstructions else {
      try self.init(constraint, other.base, effects: other.effects)
      return
    }
    self = other
    self.constraint = constraint
    reports = []
    try report()
  }

  private func checkMnemonics() throws(DecoderError) {
    let known = Set(architecture.forms.map(\.mnemonic))
    let named = (constraint.allowedMnemonics ?? []).union(constraint.deniedMnemonics)
    if let unknown = named.subtracting(known).sorted().first {
      throw DecoderError("\(architecture.name) has no mnemonic '\(unknown)'")
    }
  }

  private mutating func readRegisters() throws(DecoderError) {
    if let names = constraint.allowedRegisters {
      var cells: Set<Cell> = []
      for name in names.sorted() {
        guard let register = architecture.register(named: name) else {
          throw DecoderError("\(architecture.name) has no register '\(name)'")
        }
        register.cell.map { _ = cells.insert($0) }
      }
      allowed = cells
    }
    let convention = architecture.convention
    if !constraint.allowsStackChanges {
      convention.stackPointer.cell.map { _ = forbidden.insert($0) }
    }
    if !constraint.allowsCalleeSavedWrites {
      forbidden.formUnion(convention.calleeSaved.compactMap(\.cell))
    }
  }

  // MARK: The choice

  /// The instructions that may stand anywhere; those that may be last are labelled so.
  var choice: InstructionChoice {
    let plan = self
    // Asked for many times, so that it is made once.
    let accepted = architecture.forms.map { form in
      let isIn = architecture.cpu.accepts(form)
      return (isIn && accepts(form, false), isIn && accepts(form, true))
    }
    var register: (@Sendable (Form, Register) -> Bool)?
    if allowed != nil || !forbidden.isEmpty { register = { plan.accepts($1, in: $0) } }
    let mayBeLast: @Sendable (Flow) -> Bool = { [constraint] in
      !constraint.endsInReturn || $0 == .return || $0 == .jump && constraint.branches == .loops
    }
    return InstructionChoice(
      accepts: { form, hasMemory in
        hasMemory ? accepted[form.index].1 : accepted[form.index].0
      },
      register: register,
      label: { form in
        mayBeLast(form.family.flow) ? CodeAutomaton.lastLabel : 0
      })
  }

  private func accepts(_ form: Form, _ hasMemory: Bool) -> Bool {
    if let allowed = constraint.allowedMnemonics, !allowed.contains(form.mnemonic) {
      return false
    }
    if constraint.deniedMnemonics.contains(form.mnemonic) { return false }
    let flow = form.family.flow
    if !constraint.allows(flow) { return false }
    guard constraint.needsEffects, let effects, flow != .return else { return true }
    guard let effect = effects.of(form, hasMemory: hasMemory) else { return false }
    if constraint.onlyDataIndependentTiming, !mayBeTimed(form, effect) { return false }
    if !constraint.allowsStores, effect.stores { return false }
    if !constraint.allowsLoads, effect.loads { return false }
    if let allowed, !effect.implied.isSubset(of: allowed) { return false }
    return effect.impliedWrites.isDisjoint(with: forbidden)
  }

  /// Whether instructions of a form may stand where time may not depend on data.
  private func mayBeTimed(_ form: Form, _ effect: FormEffects) -> Bool {
    form.family.flow != .sequential || effect.isConstant
      || architecture.hasDataIndependentTiming(form)
  }

  private func accepts(_ register: Register, in form: Form) -> Bool {
    guard let cell = register.cell else { return true }
    if form.family.flow == .return,
      case .register(let link) = architecture.convention.returnAddress,
      link.cell == cell
    {
      return true
    }
    return allowed?.contains(cell) ?? true && !forbidden.contains(cell)
  }

  // MARK: The report

  private mutating func report() throws(DecoderError) {
    let sampled = "what a form does unnamed is found on samples of its operands"
    add("isa and cpu", true, .enforced)
    add("mnemonics", constraint.allowedMnemonics != nil, .enforced)
    add("denied mnemonics", !constraint.deniedMnemonics.isEmpty, .enforced)
    add("registers", allowed != nil, .overApproximated(sampled))
    add(
      "data-independent timing", constraint.onlyDataIndependentTiming,
      constraint.branches == .none && !constraint.allowsLoads && !constraint.allowsStores
        ? .enforced
        : .overApproximated("what addresses and conditions of branches depend on is not looked at"))
    add(
      "ends in a return", constraint.endsInReturn,
      constraint.branches == .loops
        ? .overApproximated("the last instruction may be a jump back after a return") : .enforced)
    switch constraint.branches {
    case .none: add("branches", true, .enforced)
    case .unchecked: add("branches", true, .overApproximated("targets are not looked at"))
    case .forward, .loops: add("branches", true, .narrowed(ConstraintPlan.branchLimits))
    }
    add("no stores", !constraint.allowsStores, .overApproximated(sampled))
    add("no loads", !constraint.allowsLoads, .overApproximated(sampled))
    add(
      "stack pointer kept", !constraint.allowsStackChanges,
      .overApproximated("the stack pointer is not named; " + sampled))
    add(
      "callee-saved registers kept", !constraint.allowsCalleeSavedWrites,
      .overApproximated("they are not named; " + sampled))
    add("instructions", constraint.maximumInstructions != nil, .enforced)
    add("bytes", constraint.maximumBytes != nil, .enforced)
    reportSemantics()
    for report in reports {
      if case .refused(let reason) = report.enforcement {
        throw DecoderError("\(report.name): \(reason)")
      }
    }
  }

  private static let branchLimits =
    "no code that cannot be reached, with loops but by a later branch back (which nothing executes, "
    + "and which may read anything, until there is one); at most "
    + "\(SemanticMachine.pendingLimit) targets open, "
    + "\(SemanticMachine.forwardReach) bytes forward and \(SemanticMachine.backwardReach) back; "
    + completion

  private static let completion =
    "the code has to be completable by instructions that fill, define, restore and return, and an "
    + "instruction begun by one of a bounded search"

  private mutating func reportSemantics() {
    let stray = "stores at addresses that are not followed are taken to miss the frame"
    add(
      "only defined reads", constraint.onlyDefinedReads,
      constraint.onlyContractMemory
        ? .narrowed(ConstraintPlan.completion) : .overApproximated(stray))
    add("only the contract's memory", constraint.onlyContractMemory, memoryEnforcement)
    let isFollowed = constraint.onlyContractMemory
    add(
      "stack balanced", constraint.balancesStack,
      isFollowed ? .narrowed(ConstraintPlan.completion) : .overApproximated(stray))
    add(
      "callee-saved registers restored", constraint.restoresCalleeSaved,
      isFollowed ? .narrowed(ConstraintPlan.completion) : .overApproximated(stray))
    add(
      "unchecked branches", constraint.branches == .unchecked && constraint.isSemantic,
      .refused("what is known of the machine cannot be followed through unchecked branches"))
    reportUnasked()
  }

  /// What says more of something that is not asked for.
  private mutating func reportUnasked() {
    func without(_ name: String) -> Enforcement {
      .overApproximated("not looked at without '\(name)'")
    }
    add(
      "results", !constraint.results.isEmpty && !constraint.onlyDefinedReads,
      without("onlyDefinedReads"))
    add(
      "what may change",
      (constraint.mayChange != nil || !constraint.flagsMayChange)
        && !constraint.restoresCalleeSaved, without("restoresCalleeSaved"))
    add(
      "buffers", !constraint.buffers.isEmpty && !constraint.onlyContractMemory,
      without("onlyContractMemory"))
    add(
      "addresses", constraint.addresses != .known && !constraint.onlyContractMemory,
      without("onlyContractMemory"))
  }

  private var memoryEnforcement: Enforcement {
    if constraint.addresses == .anyOffset {
      return .overApproximated(
        "an address is a pointer of a buffer plus anything: that it stays within is left to the proof"
      )
    }
    let open = constraint.buffers.filter { $0.byteCount == nil }.map(\.name)
    return open.isEmpty
      ? .narrowed("an address is a pointer plus a constant; " + ConstraintPlan.completion)
      : .overApproximated(
        "the length of \(open.joined(separator: ", ")) depends on arguments: 65536 bytes are "
          + "taken to be there")
  }

  private mutating func add(_ name: String, _ isAsked: Bool, _ enforcement: Enforcement) {
    if isAsked { reports.append(ConstraintReport(name: name, enforcement: enforcement)) }
  }
}

extension InstructionChoice {
  /// Whether some instructions of a form are chosen.
  func acceptsSome(_ form: Form) -> Bool { accepts(form, true) || accepts(form, false) }
}
