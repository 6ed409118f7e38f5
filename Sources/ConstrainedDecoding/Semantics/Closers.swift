import MachineModel

/// Instructions of the constraint that bring any state to an end: what fills space, gives the result a
/// value, takes back what was put aside, releases the stack and returns.
///
/// They are real instructions, found among the rows and checked by their effects, so that a code that
/// can be completed by them can be completed. A class for what it finds on demand.
final class Closers {
  /// What is known to end the code: its cost, and the bytes of its first instruction as in
  /// `Position.begun`.
  struct Ending {
    var cost = Cost()
    /// What of the cost comes after the result has a value.
    var tail = Cost()
    var first: UInt128 = 1

    /// Adds an instruction after the others.
    mutating func append(_ instruction: UInt128) {
      if first == 1 { first = instruction }
      cost = cost + Cost(instructions: 1, bytes: instruction.byteCount)
    }
  }

  private let library: InstructionLibrary
  private let rules: SemanticRules
  /// The fewest instructions that do nothing and take so many bytes, and the first of them; nil where
  /// there are none.
  private var fills: [(count: Int, first: UInt128)?] = [(0, 1)]
  /// The instructions that give each of `rules.results` a value.
  private var definers: [UInt128?] = []
  private let resultParts: [PartSet]
  private var returning: UInt128?
  private var raises: [Int64: UInt128?] = [:]
  private var restores: [Restore: UInt128?] = [:]

  private lazy var restorers = findRestorers()
  private lazy var raisers = findRaisers()

  private struct Restore: Hashable {
    let cell: Int
    let offset: Int64
  }

  init(_ rules: SemanticRules, _ library: InstructionLibrary) {
    self.rules = rules
    self.library = library
    resultParts = rules.results.map { rules.parts.parts(of: $0) }
    if rules.branches == .forward || rules.branches == .loops { findFills() }
    if rules.readsDefined { definers = rules.results.map(definer) }
    if rules.endsInReturn { returning = findReturn() }
  }

  // MARK: Costs

  /// The instructions that fill `distance` bytes, and the first of them; nil if they cannot be filled.
  func fill(_ distance: Int) -> (count: Int, first: UInt128)? {
    fills.indices.contains(distance) ? fills[distance] : nil
  }

  /// What ends the code with what is known, after `ending`; the reason if that is not possible.
  func close(
    _ known: Knowledge, _ rules: SemanticRules, after ending: Ending
  ) -> Result<Ending, Refusal> {
    var ending = ending
    for (index, definer) in definers.enumerated()
    where !resultParts[index].isSubset(of: known.defined) {
      guard let definer else { return .failure(.result) }
      ending.append(definer)
    }
    let start = ending.cost
    let stack = known.values[rules.stackPointer]
    for cell in rules.kept where known.values[cell] != rules.entry.values[cell] {
      guard stack.kind == .stack, let found = restore(cell, known, Int64(stack.offset)) else {
        return .failure(.notKept(cell: cell))
      }
      ending.append(found)
    }
    if rules.balancesStack, stack.offset != 0 || stack.kind != .stack {
      guard stack.kind == .stack, let found = raise(-Int64(stack.offset)) else {
        return .failure(.stackPointer)
      }
      ending.append(found)
    }
    if rules.endsInReturn {
      guard let returning else { return .failure(.returnAddress) }
      ending.append(returning)
    }
    ending.tail = ending.cost - start
    return .success(ending)
  }

  /// What gives the results a value that have none among `defined`; nil if nothing does.
  func define(_ defined: PartSet) -> Cost? {
    var cost = Cost()
    for (index, definer) in definers.enumerated() where !resultParts[index].isSubset(of: defined) {
      guard let definer else { return nil }
      cost = cost + Cost(instructions: 1, bytes: definer.byteCount)
    }
    return cost
  }

  private func restore(_ cell: Int, _ known: Knowledge, _ stack: Int64) -> UInt128? {
    for piece in known.frame.pieces
    where piece.value == rules.entry.values[cell] && piece.byteCount == 8 {
      let key = Restore(cell: cell, offset: Int64(piece.offset) - stack)
      if let found = restores[key] {
        if let found { return found }
        continue
      }
      let found = findRestore(cell, key.offset)
      restores[key] = .some(found)
      if let found { return found }
    }
    return nil
  }

  private func raise(_ distance: Int64) -> UInt128? {
    if let known = raises[distance] { return known }
    let found = distance > 0 ? findRaise(distance) : nil
    raises[distance] = .some(found)
    return found
  }

  // MARK: Finding them

  private func findFills() {
    var fillers: [Int: UInt128] = [:]
    for sample in library.samples {
      for base in [rules.stackPointer, 0] {
        guard let found = library.changed(sample, registers: base, base: base),
          found.effect.isEmpty
        else { continue }
        fillers[found.effect.length] = found.begun
      }
    }
    for distance in 1...SemanticMachine.forwardReach {
      var best: (count: Int, first: UInt128)?
      for (length, filler) in fillers.sorted(by: { $0.key < $1.key }) where length <= distance {
        guard let rest = fills[distance - length], rest.count + 1 < best?.count ?? .max else {
          continue
        }
        best = (rest.count + 1, filler)
      }
      fills.append(best)
    }
  }

  private func definer(_ register: Register) -> UInt128? {
    guard let cell = register.cell?.index else { return nil }
    let wanted = rules.parts.parts(of: register)
    return shortest { sample in
      guard let found = library.changed(sample, registers: cell) else { return nil }
      let effect = found.effect
      let others = effect.changes.subtracting(rules.parts.all(of: cell))
      return effect.reads.isEmpty && effect.accesses.isEmpty && !effect.isRepeated
        && wanted.isSubset(of: effect.defines) && isHarmless(others) ? found : nil
    }
  }

  private func findRestore(_ cell: Int, _ offset: Int64) -> UInt128? {
    shortest(among: restorers) { restore($0, cell, offset) }
  }

  /// The samples that take back a register; what is found is the same whatever was asked before.
  private func findRestorers() -> [Instruction] {
    for cell in rules.kept {
      let found = library.samples.filter { $0.hasMemory && restore($0, cell, 8) != nil }
      if !found.isEmpty { return found }
    }
    return []
  }

  private func restore(
    _ sample: Instruction, _ cell: Int, _ offset: Int64
  ) -> InstructionLibrary.Found? {
    guard
      let found = library.changed(
        sample, registers: cell, base: rules.stackPointer, displacement: offset)
    else { return nil }
    let effect = found.effect
    guard effect.accesses.count == 1, let access = effect.accesses.first, !access.isStore,
      access.base == rules.stackPointer, access.offset == offset, access.byteCount == 8,
      !access.isUsed, !effect.isRepeated,
      isHarmless(effect.changes.subtracting(rules.parts.all(of: cell)))
    else { return nil }
    return effect.sources.contains(.init(cell: cell, source: .load(0))) ? found : nil
  }

  private func findRaise(_ distance: Int64) -> UInt128? {
    shortest(among: raisers) { raise($0, distance) }
  }

  private func findRaisers() -> [Instruction] {
    library.samples.filter { $0.hasImmediate && raise($0, 16) != nil }
  }

  private func raise(_ sample: Instruction, _ distance: Int64) -> InstructionLibrary.Found? {
    let stack = rules.stackPointer
    guard let found = library.changed(sample, registers: stack, immediate: distance) else {
      return nil
    }
    let effect = found.effect
    let isRight = effect.sources.contains(
      .init(cell: stack, source: .sum(cell: stack, distance)))
    return isRight && effect.accesses.isEmpty && !effect.isRepeated
      && effect.reads.isSubset(of: rules.parts.all(of: stack))
      && isHarmless(effect.changes.subtracting(rules.parts.all(of: stack))) ? found : nil
  }

  private func findReturn() -> UInt128? {
    let found = library.returns.filter { found in
      let effect = found.effect
      switch (rules.convention.returnAddress, effect.returnSource) {
      case (.stack, .load):
        let popped = InstructionEffect.Source.sum(
          cell: rules.stackPointer, rules.convention.poppedAtReturn)
        return effect.sources.contains(.init(cell: rules.stackPointer, source: popped))
      case (.register(let link), .sum(let cell, 0)): return cell == link.cell?.index
      default: return false
      }
    }
    return found.min { $0.effect.length < $1.effect.length }?.begun
  }

  /// Whether only flags change that need not be kept.
  private func isHarmless(_ parts: PartSet) -> Bool {
    parts.isSubset(of: rules.parts.flags) && !parts.intersects(rules.frozen)
  }

  /// The shortest instruction that `body` finds among changed samples.
  private func shortest(
    among samples: [Instruction]? = nil, _ body: (Instruction) -> InstructionLibrary.Found?
  ) -> UInt128? {
    var best: InstructionLibrary.Found?
    for sample in samples ?? library.samples where sample.form.family.flow == .sequential {
      if let best, best.effect.length <= library.shortestOfInterest { break }
      if let found = body(sample), found.effect.length < best?.effect.length ?? .max {
        best = found
      }
    }
    return best?.begun
  }
}
