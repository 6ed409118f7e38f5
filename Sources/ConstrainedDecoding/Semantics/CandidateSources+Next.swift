/// One candidate of a beginning after the other.
extension CandidateSources {
  /// The next one; nil if there is none left.
  mutating func next(_ candidates: Candidates) -> NearbyInstructions.Element? {
    if !near.isEmpty {
      if let found = near[0].next() { return found }
      near = []
    }
    while let source = pop(candidates) {
      switch source {
      case .examples(let index, let end, let distance):
        guard index < end else { continue }
        push(.examples(index + distance, end: end, by: distance))
        let begun = candidates.examples[Int(index)]
        let length = begun.byteCount - candidates.tree.begun[Int(node)].byteCount
        return .instruction(
          begun.plan(ofLast: length), candidates.effect(ofExample: Int(index)))
      case .withoutPrefix(let left): addExamples(withoutPrefix: left, candidates)
      case .prefixed(let index, let end, let distance, let left):
        guard index < end else { continue }
        push(.prefixed(index + distance, end: end, by: distance, left: left))
        let bytes = Array(candidates.examples[Int(index)].bytes.dropFirst(Int(left)))
        if let found = completed(beginning(CandidateSources.none, candidates), bytes, candidates) {
          return found
        }
      case .fill:
        guard let fill = candidates.machine.closers.fill(1)?.first else { continue }
        if let found = completed(
          beginning(CandidateSources.none, candidates), fill.bytes, candidates)
        {
          return found
        }
      case .halves(let half): addHalf(half, candidates)
      case .whole(let half):
        let begun = beginning(half, candidates).begun
        return .instruction(begun.plan(ofLast: 1), candidates.effects.numbered(begun))
      case .endings(let half, let dropped, let next, let left):
        let all = candidates.endings(after: Int(dropped))
        guard left > 0, next < all.count else { continue }
        let found = completed(beginning(half, candidates), all[Int(next)], candidates)
        push(
          .endings(
            half, dropped: dropped, next: next + 1, left: found == nil ? left : left - 1))
        if let found { return found }
      case .nearby(let half, let next, let limit, let isInNumber):
        (nearHalf, nearIsInNumber) = (half, isInNumber)
        let beginning = beginning(half, candidates)
        near = [
          NearbyInstructions(
            candidates.automaton, candidates.effects, after: beginning.begun, beginning.state,
            limit: Int(limit), ending: beginning.ending, isInNumber: isInNumber)
        ]
        if next > 0 { near[0].skip(to: Int(next)) }
        return self.next(candidates)
      }
    }
    return nil
  }

  /// The instruction that some bytes complete, with those not asked for before them; nil if they do not.
  private func completed(
    _ beginning: Beginning, _ bytes: [UInt8], _ candidates: Candidates
  ) -> NearbyInstructions.Element? {
    guard !bytes.isEmpty,
      let whole = candidates.whole(beginning.begun, beginning.state, bytes)
    else { return nil }
    let length = bytes.count + beginning.ending.byteCount
    return .instruction(whole.plan(ofLast: length), candidates.effects.numbered(whole))
  }

  private mutating func addExamples(withoutPrefix left: Int32, _ candidates: Candidates) {
    let mask = UInt128(1) << UInt128(8 * left)
    let tree = candidates.tree
    let begun = tree.begun[Int(node)]
    let range = candidates.examples.beginning(
      with: begun & (mask - 1) | mask, half: tree.halves[Int(node)])
    let distance = Swift.max(1, range.count / CandidateSources.withoutPrefixLimit)
    push(
      .prefixed(
        Int32(range.lowerBound), end: Int32(range.upperBound), by: Int32(distance), left: left))
  }

  /// The instructions with a lower half of the byte that was begun; inside a number a small and a negative one are
  /// enough.
  private mutating func addHalf(_ half: UInt8, _ candidates: Candidates) {
    guard half < 16 else { return }
    let tree = candidates.tree
    let isNumber = tree.isBeforeNumber[Int(node)]
    push(.halves(half + (isNumber ? half == 8 ? 7 : 8 : 1)))
    let byte = (tree.halves[Int(node)] - 1) << 4 | half
    let reached = candidates.automaton.step(tree.wholePlaces[Int(node)], byte)
    if reached < 0 { return }
    if candidates.automaton.isBoundary(reached) {
      push(.whole(Half(half)))
      return
    }
    push(.nearby(Half(half), next: 0, limit: 1, isInNumber: isNumber))
    if isNumber { return }
    let count = Int32(tree.begun[Int(node)].byteCount) + 1
    for dropped in candidates.isFixed ? [count] : [count - 1, 0, count] {
      push(.endings(Half(half), dropped: dropped, next: 0, left: 1))
    }
  }
}
