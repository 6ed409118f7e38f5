import MachineModel

/// Completions that lead to what the state knows of the stack.
extension CompletionSearch {
  /// A place near the top of every frame with room for what is stored, from the stack pointer at entry.
  private static let top: Int32 = -64

  /// An instruction that leads to a place: the rest of it, as in `Position.plan`, and the number of what it does.
  struct Placed {
    let bytes: UInt128
    let effect: Int32
  }

  /// What such instructions are like: a candidate, or what a beginning goes on to with zeros after it.
  private enum Kind {
    case candidate(Int32)
    case zeros(node: Int32)

    func key(_ displacement: Int32) -> UInt64 {
      switch self {
      case .candidate(let element): FlatTable.key(element << 1, displacement)
      case .zeros(let node): FlatTable.key(node << 1 | 1, displacement)
      }
    }
  }

  /// One of some candidates with another displacement, which leads to a place on the stack that the state knows.
  func atKnownPlace(_ list: Int32, _ place: Place, _ isLimited: Bool) -> Plan? {
    var element = candidates.element(after: CandidateLists.none, of: list)
    while element != CandidateLists.none {
      if candidates[element].numbers == CandidateLists.none,
        let plan = atKnownPlace(candidate: element, place, isLimited)
      {
        return plan
      }
      element = candidates.element(after: element, of: list)
    }
    return nil
  }

  private func atKnownPlace(candidate element: Int32, _ place: Place, _ isLimited: Bool) -> Plan? {
    let found = candidates[element]
    let known = states[Int(place.slot)].knowledge
    guard let base = base(of: found.effect), known.values[base].kind == .stack,
      !isRefused(place.slot, found.effect)
    else { return nil }
    return atKnownPlace(.candidate(element), known.values[base], place, isLimited) {
      effects.instruction(after: whole(place.node, found.bytes))
    }
  }

  /// The instruction that goes on with zeros, if it accesses memory, at such a place from the stack pointer.
  func atPlaceOfStack(_ place: Place, _ isLimited: Bool) -> Plan? {
    let pointer = machine.rules.convention.stackPointer
    let value = states[Int(place.slot)].knowledge.values[machine.rules.stackPointer]
    guard !candidates.isFixed, place.half == 0, value.kind == .stack else { return nil }
    return atKnownPlace(.zeros(node: place.node), value, place, isLimited) {
      guard var instruction = effects.instruction(after: tree.begun[Int(place.node)]),
        let memory = instruction.operands.memoryOperand
      else { return nil }
      instruction.operands.memoryOperand = MemoryOperand(base: pointer, width: memory.width)
      return instruction
    }
  }

  /// One of the instructions that differ from one in the displacement, if it accesses memory.
  private func atKnownPlace(
    _ kind: Kind, _ base: KnownValue, _ place: Place, _ isLimited: Bool,
    _ instruction: () -> Instruction?
  ) -> Plan? {
    for displacement in displacements(from: base, states[Int(place.slot)].knowledge) {
      let found = placed.value(for: kind.key(displacement)) {
        instruction().flatMap { at(displacement, $0, Int(place.node)) }
      }
      if let found,
        let cost = cost(place, found.effect, found.bytes.byteCount, isLimited)
      {
        return Plan(bytes: found.bytes, cost: cost)
      }
    }
    return nil
  }

  /// An instruction with another displacement, if it begins like a node.
  private func at(_ displacement: Int32, _ instruction: Instruction, _ node: Int) -> Placed? {
    guard var memory = instruction.operands.memoryOperand else { return nil }
    memory.displacement = Int64(displacement)
    guard let begun = effects.begun(of: instruction, with: memory),
      let length = rest(of: begun, after: node)
    else { return nil }
    return Placed(bytes: begun.plan(ofLast: length), effect: effects.number(of: begun))
  }

  /// The register that all addresses of an instruction are computed from; nil if there is none.
  private func base(of effect: Int32) -> Int? {
    let found = effects.effects[effect]
    let template = effects.template(of: found)
    guard template.effect.flow == .sequential, let base = template.effect.accesses.first?.base,
      template.effect.accesses.allSatisfy({ $0.base == base })
    else { return nil }
    return template.cell(base, found.cells)
  }

  /// The bytes of a node's instruction with those of a plan after them.
  private func whole(_ node: Int32, _ plan: UInt128) -> UInt128 {
    (0..<plan.byteCount).reduce(tree.begun[Int(node)]) {
      $0 << 8 | plan >> UInt128(8 * $1) & 0xFF
    }
  }

  /// The distances of the places that are known from a base.
  private func displacements(from base: KnownValue, _ known: Knowledge) -> [Int32] {
    let bottom = known.values[machine.rules.stackPointer]
    var places = known.frame.pieces.map(\.offset)
    if bottom.kind == .stack { places += [bottom.offset, CompletionSearch.top] }
    return places.compactMap { Int32(exactly: Int64($0) - Int64(base.offset)) }
  }

  /// The bytes of an instruction after those of a node, of which a half byte may have been read; nil if it does not
  /// begin so or is none of the constraint.
  private func rest(of begun: UInt128, after node: Int) -> Int? {
    let own = tree.begun[node].byteCount
    let length = begun.byteCount - own
    guard length > 0, begun >> UInt128(8 * length) == tree.begun[node] else { return nil }
    let half = tree.halves[node]
    if half > 0, UInt8(truncatingIfNeeded: begun >> UInt128(8 * length - 4)) & 15 != half - 1 {
      return nil
    }
    let bytes = begun.bytes.suffix(length)
    return candidates.whole(tree.begun[node], tree.wholePlaces[node], Array(bytes)) == begun
      ? length : nil
  }
}
