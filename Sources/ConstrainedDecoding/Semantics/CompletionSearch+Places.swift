import MachineModel

/// Completions that lead to what the state knows of the stack.
extension CompletionSearch {
  /// One of some candidates with another displacement, which leads to a place on the stack that the state knows.
  func atKnownPlace(_ list: Int32, _ place: Place, _ isLimited: Bool) -> Plan? {
    var element = candidates.element(after: CandidateLists.none, of: list)
    while element != CandidateLists.none {
      let found = candidates[element]
      if found.numbers == CandidateLists.none,
        let plan = atKnownPlace(found, place, isLimited)
      {
        return plan
      }
      element = candidates.element(after: element, of: list)
    }
    return nil
  }

  private func atKnownPlace(
    _ found: CandidateLists.Element, _ place: Place, _ isLimited: Bool
  ) -> Plan? {
    let state = states[Int(place.slot)]
    guard let base = base(of: found.effect), state.knowledge.values[base].kind == .stack,
      !isRefused(place.slot, found.effect),
      let instruction = effects.instruction(after: whole(place.node, found.bytes))
    else { return nil }
    for displacement in displacements(from: state.knowledge.values[base], state.knowledge) {
      guard let begun = effects.begun(of: instruction, displacement: displacement),
        let length = rest(of: begun, after: Int(place.node)),
        let cost = cost(place, effects.number(of: begun), length, isLimited)
      else { continue }
      return Plan(bytes: begun.plan(ofLast: length), cost: cost)
    }
    return nil
  }

  /// The register that an instruction's only address is computed from; nil if it is another one.
  private func base(of effect: Int32) -> Int? {
    let found = effects.effects[effect]
    let template = effects.template(of: found)
    guard template.effect.flow == .sequential, template.effect.accesses.count == 1 else {
      return nil
    }
    return template.effect.accesses[0].base.map { template.cell($0, found.cells) }
  }

  /// The bytes of a node's instruction with those of a plan after them.
  private func whole(_ node: Int32, _ plan: UInt128) -> UInt128 {
    (0..<plan.byteCount).reduce(tree.begun[Int(node)]) {
      $0 << 8 | plan >> UInt128(8 * $1) & 0xFF
    }
  }

  /// The distances of the places that are known from a base.
  private func displacements(from base: KnownValue, _ known: Knowledge) -> [Int64] {
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
