/// How an instruction that was begun, and the code after it, can be completed.
extension CompletionSearch {
  /// How an instruction and the code can be completed.
  struct Plan {
    /// The rest of the instruction, as in `Position.plan`.
    var bytes: UInt128
    /// All that is needed, that instruction included.
    var cost: Cost
  }

  /// The first plan that there is room for.
  func plan(_ place: Place) -> Plan? {
    guard let plan = firstPlan(place) else { return nil }
    return fits(plan.cost, place) ? plan : search(place, isLimited: true)
  }

  /// The first plan if there is room for all.
  private func firstPlan(_ place: Place) -> Plan? {
    plans.value(for: FlatTable.key(place.slot, place.node)) { search(place, isLimited: false) }
  }

  /// - Parameter isLimited: whether only plans count that there is room for.
  private func search(_ place: Place, isLimited: Bool) -> Plan? {
    let examples = candidates.examples(of: place.node)
    if place.node == InstructionTree.root {
      return from(examples, place, isLimited) ?? fromRoot(place, isLimited)
    }
    let like = likeBefore(place)
    if let like, let plan = plan(like, place, isLimited) { return plan }
    if candidates.isFixed, tree.isBeforeLastHalf(place.node) {
      return byLastHalf(place, isLimited, but: like)
    }
    if let plan = from(examples, place, isLimited) { return plan }
    let others = candidates.others(of: place.node)
    return from(others, place, isLimited)
      ?? atKnownPlace(examples, place, isLimited) ?? atKnownPlace(others, place, isLimited)
      ?? atPlaceOfStack(place, isLimited)
  }

  /// The rest of an instruction as in the first plan before the last half byte, with that half byte in the place of
  /// its own: most may stand where those may that differ in a register or a number. The same of the last byte where
  /// text is bytes, since nothing else asks for what comes between its halves; but for numbers, of which more are tried
  /// so.
  private func likeBefore(_ place: Place) -> UInt128? {
    var before = place
    let parent = tree.parents[Int(place.node)]
    let isWhole = isByBytes && !tree.isBeforeNumber[Int(parent)]
    before.node = isWhole ? parent : tree.node(before: place.node)
    guard before.node != InstructionTree.root, let bytes = firstPlan(before)?.bytes else {
      return nil
    }
    let half = tree.halves[Int(place.node)]
    return half > 0 ? bytes & ~0xF0 | UInt128(half - 1) << 4 : bytes >> 8
  }

  /// The plan that goes on with the rest of an instruction, if that is one.
  private func plan(_ rest: UInt128, _ place: Place, _ isLimited: Bool) -> Plan? {
    guard let whole = candidates.whole(place.node, rest) else { return nil }
    return cost(place, effects.numbered(whole), rest.byteCount, isLimited).map {
      Plan(bytes: rest, cost: $0)
    }
  }

  /// Where any half byte ends the instruction: each of them but one.
  private func byLastHalf(_ place: Place, _ isLimited: Bool, but tried: UInt128?) -> Plan? {
    let byte = (tree.halves[Int(place.node)] - 1) << 4
    for half in UInt8(0)..<16 {
      let rest = 1 << 8 | UInt128(byte | half)
      if rest != tried, let plan = plan(rest, place, isLimited) { return plan }
    }
    return nil
  }

  /// The first of some candidates that may stand there. Other numbers are not tried where the registers already
  /// make one illegal.
  private func from(_ list: Int32, _ place: Place, _ isLimited: Bool) -> Plan? {
    var element = candidates.element(after: CandidateLists.none, of: list)
    while element != CandidateLists.none {
      let found = candidates[element]
      if found.numbers != CandidateLists.none {
        if !isRefused(place.slot, found.effect),
          let plan = from(found.numbers, place, isLimited)
        {
          return plan
        }
      } else if let cost = cost(place, found.effect, found.bytes.byteCount, isLimited) {
        return Plan(bytes: found.bytes, cost: cost)
      }
      element = candidates.element(after: element, of: list)
    }
    return nil
  }

  /// What it costs to end the code by an instruction of which `length` bytes are left; nil if it may not stand
  /// there.
  func cost(
    _ place: Place, _ effect: Int32, _ length: Int, _ isLimited: Bool
  ) -> Cost? {
    guard let closing = closing(place.slot, effect) else { return nil }
    return cost(place, closing, length, isLimited)
  }

  /// The same of an instruction whose effect need not have a number.
  private func cost(
    _ place: Place, _ effect: EffectCache.Numbered, _ length: Int, _ isLimited: Bool
  ) -> Cost? {
    switch machine.judge(states[Int(place.slot)], effects.template(of: effect), effect) {
    case .refused: return nil
    case .legal(let closing): return cost(place, closing, length, isLimited)
    case .open: return cost(place, effects.number(of: effect), length, isLimited)
    }
  }

  private func cost(
    _ place: Place, _ closing: Cost, _ length: Int, _ isLimited: Bool
  ) -> Cost? {
    let cost = closing + Cost(instructions: 1, bytes: length)
    return !isLimited || fits(cost, place) ? cost : nil
  }

  /// A plan before the first byte, by all halves of it.
  private func fromRoot(_ place: Place, _ isLimited: Bool) -> Plan? {
    for half in UInt8(0)..<16 {
      var next = place
      next.node = tree.step(place.node, half: half)
      if next.node == InstructionTree.dead { continue }
      if let plan = isLimited ? plan(next) : firstPlan(next) { return plan }
    }
    return nil
  }

  /// Why no completion was found, from an instruction that was tried.
  func refusal(after begun: UInt128, _ place: Int32, _ state: SemanticState) -> Refusal? {
    var place = place
    var begun = begun
    trim()
    func refusal(_ effect: Int32) -> Refusal? {
      if case .refused(let refusal) = machine.step(state, effects[effect]) { refusal } else { nil }
    }
    if !automaton.isBoundary(place), let example = examples.beginning(with: begun, half: 0).first,
      let refusal = refusal(effects.number(of: examples[example]))
    {
      return refusal
    }
    while !automaton.isBoundary(place) {
      guard let byte = NearbyInstructions.spread.first(where: { automaton.step(place, $0) >= 0 })
      else { return nil }
      place = automaton.step(place, byte)
      begun = begun << 8 | UInt128(byte)
    }
    return refusal(effects.number(of: begun))
  }
}

extension UInt128 {
  /// The last bytes of an instruction, as in `Position.plan`.
  func plan(ofLast count: Int) -> UInt128 {
    (0..<count).reduce(1) { $0 << 8 | self >> UInt128(8 * $1) & 0xFF }
  }
}
