import MachineModel

/// Looks among the instructions of a choice for those that `Closers` ends codes with.
struct CloserSearch {
  private let rules: SemanticRules
  private let library: InstructionLibrary

  init(_ rules: SemanticRules, _ library: InstructionLibrary) {
    self.rules = rules
    self.library = library
  }

  /// The fewest instructions that do nothing and take so many bytes, and the first of them.
  func fills() -> [(count: Int, first: UInt128)?] {
    var fills: [(count: Int, first: UInt128)?] = [(0, 1)]
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
    return fills
  }

  /// What gives parts of a cell a value: first what reads nothing, if anything does; of a vocabulary also some
  /// that read registers.
  func definers(_ wanted: Closers.Value) -> [Closers.Definer] {
    let first = shortest(among: library.samples) { sample in
      definer(sample, wanted).flatMap { $0.effect.reads.isEmpty ? $0 : nil }
    }
    let others = library.isGiven ? readers(wanted) : []
    return (first.map { [Closers.Definer(begun: $0, reads: PartSet())] } ?? []) + others
  }

  /// As many instructions that give a result a value and read registers are kept.
  private static let definerLimit = 256

  /// The shortest of those that read the same registers, for each set of them. None reads a flag: whether that has a
  /// value may depend on flags before.
  private func readers(_ wanted: Closers.Value) -> [Closers.Definer] {
    var shortest: [PartSet: InstructionLibrary.Found] = [:]
    var order: [PartSet] = []
    for sample in library.samples {
      guard let found = definer(sample, wanted), !found.effect.reads.isEmpty,
        !found.effect.reads.intersects(rules.parts.flags)
      else { continue }
      let reads = found.effect.reads
      guard let known = shortest[reads] else {
        if order.count == CloserSearch.definerLimit { continue }
        order.append(reads)
        shortest[reads] = found
        continue
      }
      if found.effect.length < known.effect.length { shortest[reads] = found }
    }
    return order.compactMap { reads in
      shortest[reads].map { Closers.Definer(begun: $0.begun, reads: reads) }
    }
  }

  private func definer(
    _ sample: Instruction, _ wanted: Closers.Value
  ) -> InstructionLibrary.Found? {
    guard let found = library.changed(sample, registers: wanted.cell) else { return nil }
    let effect = found.effect
    let others = effect.changes.subtracting(rules.parts.all(of: wanted.cell))
    return effect.accesses.isEmpty && !effect.isRepeated && !effect.usesUndefined
      && wanted.parts.isSubset(of: effect.defines) && isHarmless(others) ? found : nil
  }

  /// The samples that take back a register; what is found is the same whatever was asked before.
  func restorers() -> [Instruction] {
    if library.isGiven { return library.samples.filter(\.hasMemory) }
    for cell in rules.kept {
      let found = library.samples.filter { $0.hasMemory && restore($0, cell, 8) != nil }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// What loads a cell from so far above the stack pointer.
  func restore(_ cell: Int, _ offset: Int64, among samples: [Instruction]) -> UInt128? {
    shortest(among: samples) { restore($0, cell, offset) }
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

  /// The samples that move the stack pointer.
  func raisers() -> [Instruction] {
    library.samples.filter { $0.hasImmediate && (library.isGiven || raise($0, 16) != nil) }
  }

  /// What adds to the stack pointer.
  func raise(_ distance: Int64, among samples: [Instruction]) -> UInt128? {
    shortest(among: samples) { raise($0, distance) }
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

  /// The shortest return to the caller.
  func returning() -> UInt128? {
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
    among samples: [Instruction], _ body: (Instruction) -> InstructionLibrary.Found?
  ) -> UInt128? {
    var best: InstructionLibrary.Found?
    for sample in samples where sample.form.family.flow == .sequential {
      if let best, best.effect.length <= library.shortestOfInterest { break }
      if let found = body(sample), found.effect.length < best?.effect.length ?? .max {
        best = found
      }
    }
    return best?.begun
  }
}
