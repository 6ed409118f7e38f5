import MachineModel

/// Instructions of the constraint that bring any state to an end: what fills space, gives the result a
/// value, takes back what was put aside, releases the stack and returns.
///
/// They are real instructions, found among the rows and checked by their effects, so that a code that
/// can be completed by them can be completed. A class for what it finds on demand.
final class Closers {
  private let library: InstructionLibrary
  private let rules: SemanticRules
  /// The fewest instructions that do nothing and take so many bytes; nil where there are none.
  private var fills: [Int?] = [0]
  /// The cost of giving each of `rules.results` a value.
  private var definers: [Cost?] = []
  private var returnCost: Cost?
  private var raises: [Int64: Cost?] = [:]
  private var restores: [Restore: Cost?] = [:]

  private struct Restore: Hashable {
    let cell: Int
    let offset: Int64
  }

  init(_ rules: SemanticRules, _ library: InstructionLibrary) {
    self.rules = rules
    self.library = library
    if rules.branches == .forward || rules.branches == .loops { findFills() }
    if rules.readsDefined { definers = rules.results.map(definer) }
    if rules.endsInReturn { returnCost = findReturn() } else { returnCost = Cost() }
  }

  // MARK: Costs

  /// The instructions that fill `distance` bytes; nil if they cannot be filled.
  func fill(_ distance: Int) -> Int? {
    guard fills.indices.contains(distance) else { return distance == 0 ? 0 : nil }
    return fills[distance]
  }

  /// The cost of ending the code with what is known; the reason if that is not possible.
  func close(_ known: Knowledge, _ rules: SemanticRules) -> Result<Cost, Refusal> {
    guard var cost = returnCost else { return .failure(.returnAddress) }
    for (index, definer) in definers.enumerated()
    where !rules.parts.parts(of: rules.results[index]).isSubset(of: known.defined) {
      guard let definer else { return .failure(.result) }
      cost = cost + definer
    }
    let stack = known.values[rules.stackPointer]
    for cell in rules.kept where known.values[cell] != rules.entry.values[cell] {
      guard stack.kind == .stack, let found = restore(cell, known, Int64(stack.offset)) else {
        return .failure(.notKept(cell: cell))
      }
      cost = cost + found
    }
    guard rules.balancesStack, stack.offset != 0 || stack.kind != .stack else {
      return .success(cost)
    }
    guard stack.kind == .stack, let found = raise(-Int64(stack.offset)) else {
      return .failure(.stackPointer)
    }
    return .success(cost + found)
  }

  private func restore(_ cell: Int, _ known: Knowledge, _ stack: Int64) -> Cost? {
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

  private func raise(_ distance: Int64) -> Cost? {
    if let known = raises[distance] { return known }
    let found = distance > 0 ? findRaise(distance) : nil
    raises[distance] = .some(found)
    return found
  }

  // MARK: Finding them

  private func findFills() {
    var lengths: Set<Int> = []
    for sample in library.samples {
      for base in [rules.stackPointer, 0] {
        guard let found = library.changed(sample, registers: base, base: base),
          found.effect.isEmpty
        else { continue }
        lengths.insert(found.effect.length)
      }
    }
    fills += [Int?](repeating: nil, count: SemanticMachine.forwardReach)
    for distance in 1...SemanticMachine.forwardReach {
      fills[distance] = lengths.compactMap { length in
        distance >= length ? fills[distance - length].map { $0 + 1 } : nil
      }.min()
    }
  }

  private func definer(_ register: Register) -> Cost? {
    guard let cell = register.cell?.index else { return Cost() }
    let wanted = rules.parts.parts(of: register)
    return shortest { sample in
      guard let found = library.changed(sample, registers: cell) else { return nil }
      let effect = found.effect
      let others = effect.changes.subtracting(rules.parts.all(of: cell))
      return effect.reads.isEmpty && effect.accesses.isEmpty && !effect.isRepeated
        && wanted.isSubset(of: effect.defines) && isHarmless(others) ? effect : nil
    }
  }

  private func findRestore(_ cell: Int, _ offset: Int64) -> Cost? {
    shortest { sample in
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
      return effect.sources.contains { $0 == (cell, .load(0)) } ? effect : nil
    }
  }

  private func findRaise(_ distance: Int64) -> Cost? {
    let stack = rules.stackPointer
    return shortest { sample in
      guard let found = library.changed(sample, registers: stack, immediate: distance) else {
        return nil
      }
      let effect = found.effect
      let isRight = effect.sources.contains { $0 == (stack, .sum(cell: stack, distance)) }
      return isRight && effect.accesses.isEmpty && !effect.isRepeated
        && effect.reads.isSubset(of: rules.parts.all(of: stack))
        && isHarmless(effect.changes.subtracting(rules.parts.all(of: stack))) ? effect : nil
    }
  }

  private func findReturn() -> Cost? {
    let known = rules.entry
    let lengths = library.returns.compactMap { effect -> Int? in
      switch (rules.convention.returnAddress, effect.returnSource) {
      case (.stack, .load):
        let popped = InstructionEffect.Source.sum(
          cell: rules.stackPointer, rules.convention.poppedAtReturn)
        return effect.sources.contains { $0 == (rules.stackPointer, popped) }
          ? effect.length : nil
      case (.register(let link), .sum(let cell, 0)):
        return cell == link.cell?.index || known.values[cell].kind == .entry ? effect.length : nil
      default: return nil
      }
    }
    return lengths.min().map { Cost(instructions: 1, bytes: $0) }
  }

  /// Whether only flags change that need not be kept.
  private func isHarmless(_ parts: PartSet) -> Bool {
    parts.isSubset(of: rules.parts.flags) && !parts.intersects(rules.frozen)
  }

  /// The cost of the shortest instruction that `body` finds among changed samples.
  private func shortest(_ body: (Instruction) -> InstructionEffect?) -> Cost? {
    var best: Int?
    for sample in library.samples where sample.form.family.flow == .sequential {
      if let best, best <= library.shortestOfInterest { break }
      if let found = body(sample), found.length < best ?? .max { best = found.length }
    }
    return best.map { Cost(instructions: 1, bytes: $0) }
  }
}
