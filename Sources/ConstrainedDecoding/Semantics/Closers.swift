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

  private let search: CloserSearch
  private let choice: ChosenInstructions
  private let rules: SemanticRules
  private let conditions: Conditions
  private var findings: Findings
  /// The instructions that give each of `rules.results` a value.
  private var definers: [[Definer]] = []
  private let resultParts: [PartSet]
  /// What moves the stack pointer by so many bytes, and what takes back a cell; nil where nothing does. Its own: codes
  /// need ever other ones.
  private var raises: [Int64: UInt128?] = [:]
  private var restores: [Restore: UInt128?] = [:]
  /// As many of either are kept before they are forgotten.
  private static let ownLimit = 1 << 12

  /// What all that is found depends on besides the choice of instructions.
  struct Conditions: Hashable, Sendable {
    let frozen: PartSet
    let kept: [Int]
    /// Whether they are those of the vocabulary alone.
    let isGiven: Bool
  }

  /// What was found; instructions are as in `Position.begun`, and nil where there is none.
  struct Findings: Sendable {
    /// The fewest instructions that do nothing and take so many bytes, and the first of them; empty before they
    /// are asked for.
    var fills: [(count: Int, first: UInt128)?] = []
    var definers: [Value: [Definer]] = [:]
    var returning: UInt128??
    /// The samples that take back a register, and those that raise the stack pointer.
    var restorers: [Instruction]?
    var raisers: [Instruction]?
  }

  /// An instruction that gives something a value, and what has to have one before.
  struct Definer: Sendable {
    let begun: UInt128
    let reads: PartSet
  }

  /// Parts of a cell that need a value.
  struct Value: Hashable, Sendable {
    let cell: Int
    let parts: PartSet
  }

  /// A cell and where it is, from the stack pointer on.
  struct Restore: Hashable, Sendable {
    let cell: Int
    let offset: Int64
  }

  /// - Parameter words: the only instructions there are, unless nil.
  init(
    _ rules: SemanticRules, _ choice: ChosenInstructions, _ effects: EffectCache,
    _ words: InstructionWords?
  ) {
    self.rules = rules
    self.choice = choice
    let library =
      words.map { InstructionLibrary($0, effects) } ?? InstructionLibrary(choice.samples, effects)
    search = CloserSearch(rules, library)
    conditions = Conditions(frozen: rules.frozen, kept: rules.kept, isGiven: words != nil)
    findings = choice.findings(conditions)
    resultParts = rules.results.map { rules.parts.parts(of: $0) }
    if rules.branches == .forward || rules.branches == .loops, findings.fills.isEmpty {
      keep { $0.fills = search.fills() }
    }
    if rules.readsDefined { definers = rules.results.map { definers($0) } }
    if rules.endsInReturn, findings.returning == nil {
      keep { $0.returning = .some(search.returning()) }
    }
  }

  /// Adds to what was found, for other decoders too.
  private func keep(_ change: (inout Findings) -> Void) {
    change(&findings)
    choice.keep(findings, for: conditions)
  }

  // MARK: Costs

  /// The instructions that fill `distance` bytes, and the first of them; nil if they cannot be filled.
  func fill(_ distance: Int) -> (count: Int, first: UInt128)? {
    if distance == 0 { return (0, 1) }
    return findings.fills.indices.contains(distance) ? findings.fills[distance] : nil
  }

  /// What ends the code with what is known, after `ending`; the reason if that is not possible.
  func close(
    _ known: Knowledge, _ rules: SemanticRules, after ending: Ending
  ) -> Result<Ending, Refusal> {
    var ending = ending
    for (index, some) in definers.enumerated()
    where !resultParts[index].isSubset(of: known.defined) {
      guard let definer = some.first(where: { $0.reads.isSubset(of: known.defined) }) else {
        return .failure(.result)
      }
      ending.append(definer.begun)
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
      guard let returning = findings.returning ?? nil else { return .failure(.returnAddress) }
      ending.append(returning)
    }
    ending.tail = ending.cost - start
    return .success(ending)
  }

  /// What gives the results a value that have none among `defined`; nil if nothing does.
  func define(_ defined: PartSet) -> Cost? {
    var cost = Cost()
    for (index, some) in definers.enumerated() where !resultParts[index].isSubset(of: defined) {
      guard let definer = some.first(where: { $0.reads.isSubset(of: defined) }) else { return nil }
      cost = cost + Cost(instructions: 1, bytes: definer.begun.byteCount)
    }
    return cost
  }

  // MARK: What is found once

  private func definers(_ register: Register) -> [Definer] {
    guard let cell = register.cell?.index else { return [] }
    let wanted = Value(cell: cell, parts: rules.parts.parts(of: register))
    if let known = findings.definers[wanted] { return known }
    let found = search.definers(wanted)
    keep { $0.definers[wanted] = found }
    return found
  }

  private func restore(_ cell: Int, _ known: Knowledge, _ stack: Int64) -> UInt128? {
    for piece in known.frame.pieces
    where piece.value == rules.entry.values[cell] && piece.byteCount == 8 {
      let key = Restore(cell: cell, offset: Int64(piece.offset) - stack)
      if let found = restores[key] {
        if let found { return found }
        continue
      }
      if findings.restorers == nil { keep { $0.restorers = search.restorers() } }
      let found = search.restore(cell, key.offset, among: findings.restorers ?? [])
      if restores.count >= Closers.ownLimit { restores.removeAll(keepingCapacity: true) }
      restores[key] = .some(found)
      if let found { return found }
    }
    return nil
  }

  private func raise(_ distance: Int64) -> UInt128? {
    if let known = raises[distance] { return known }
    if findings.raisers == nil { keep { $0.raisers = search.raisers() } }
    let found = distance > 0 ? search.raise(distance, among: findings.raisers ?? []) : nil
    if raises.count >= Closers.ownLimit { raises.removeAll(keepingCapacity: true) }
    raises[distance] = .some(found)
    return found
  }
}
