/// How an instruction that was begun, and the code after it, can be completed.
extension CompletionSearch {
  /// The first plan that there is room for.
  func plan(_ place: Place) -> Plan? {
    guard let plan = firstPlan(place) else { return nil }
    return fits(plan.cost, place) ? plan : search(place, isLimited: true)
  }

  /// The first plan if there is room for all.
  private func firstPlan(_ place: Place) -> Plan? {
    let key = FlatTable.key(place.slot, place.node)
    if let known = plans[key] { return known < 0 ? nil : made[Int(known)] }
    let found = search(place, isLimited: false)
    plans.insert(found == nil ? -1 : Int32(made.count), for: key)
    if let found { made.append(found) }
    return found
  }

  /// - Parameter isLimited: whether only plans count that there is room for.
  private func search(_ place: Place, isLimited: Bool) -> Plan? {
    let examples = candidates.examples(of: place.node)
    if let plan = from(examples, place, isLimited) { return plan }
    if place.node == InstructionTree.root { return fromRoot(place, isLimited) }
    if let plan = otherNumber(place, isLimited) { return plan }
    let others = candidates.others(of: place.node)
    return others.flatMap { from($0, place, isLimited) }
      ?? atKnownPlace(examples, place, isLimited)
      ?? others.flatMap { atKnownPlace($0, place, isLimited) }
      ?? atPlaceOfStack(place, isLimited)
  }

  /// Where the last byte only changes a number: the plan before it, with that byte.
  private func otherNumber(_ place: Place, _ isLimited: Bool) -> Plan? {
    let node = Int(place.node)
    let half = tree.halves[node]
    var before = place
    before.node = tree.parents[node]
    guard tree.isBeforeNumber[Int(before.node)], var bytes = firstPlan(before)?.bytes else {
      return nil
    }
    var whole = tree.begun[node]
    if half > 0 {
      bytes = bytes & ~0xF0 | UInt128(half - 1) << 4
    } else {
      bytes >>= 8
    }
    var rest = bytes
    while rest > 1 {
      whole = whole << 8 | rest & 0xFF
      rest >>= 8
    }
    return cost(place, effects.number(of: whole), bytes.byteCount, isLimited).map {
      Plan(bytes: bytes, cost: $0)
    }
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
      guard let byte = NearbyInstructions.order.first(where: { automaton.step(place, $0) >= 0 })
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
