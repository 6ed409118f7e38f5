import MachineModel

/// Completions that lead to what the state knows of memory.
extension CompletionSearch {
  /// As many places are tried.
  private static let placeLimit = 8

  /// An instruction of which a displacement was begun, with one that leads to a place that the state knows.
  func atKnownPlace(_ place: Place, _ isLimited: Bool) -> Plan? {
    let node = Int(place.node)
    let whole = tree.halves[node] > 0 ? Int(tree.parents[node]) : node
    guard tree.isBeforeNumber[whole], let instruction = effects.instruction(after: tree.begun[node]),
      let base = instruction.operands.memoryOperand?.base?.cell
    else { return nil }
    let state = states[Int(place.slot)]
    for displacement in displacements(from: state.knowledge.values[base.index], state.knowledge)
      .prefix(CompletionSearch.placeLimit)
    {
      guard let begun = effects.begun(of: instruction, displacement: displacement),
        let length = rest(of: begun, after: node),
        let cost = cost(place, effects.number(of: begun), length, isLimited)
      else { continue }
      return Plan(bytes: begun.plan(ofLast: length), cost: cost)
    }
    return nil
  }

  /// The distances of the places that are known from a base.
  private func displacements(from base: KnownValue, _ known: Knowledge) -> [Int64] {
    guard base.kind == .stack else { return [] }
    let bottom = known.values[machine.rules.stackPointer]
    let places = known.frame.pieces.map(\.offset) + (bottom.kind == .stack ? [bottom.offset] : [])
    return places.map { Int64($0) - Int64(base.offset) }
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
