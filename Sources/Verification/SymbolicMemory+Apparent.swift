import Terms

/// Addresses whose form does not say where they point to, such as one whose low bits were written apart.
extension SymbolicMemory {
  /// The place in a region that `address` has where `condition` holds, judged by some values of the
  /// variables: to be proved, not relied on. Nil if they show no one place.
  func apparentTarget(
    of address: Term, where condition: Term, _ terms: TermManager
  ) -> Target? {
    let based = regions.indices.filter { index in
      regions[index].base.map { usualPlaces[$0] != nil } ?? false
    }
    let bases = based.compactMap { regions[$0].base }
    var evaluator = Evaluator(terms, roots: [address, condition] + bases)
    var sampler = Sampler(terms, roots: [condition], defaults: usualPlaces)
    sampler.fill(&evaluator, terms, round: 0)
    var random = SplitMix64(seed: 0xA99A)
    for lane in 0..<evaluator.lanes {
      for base in bases {
        let usual = usualPlaces[base] ?? .zero(64)
        let distance = BitVector(random.next() % 4096 * 16, width: 64)
        evaluator.set(base, lane: lane, to: usual.adding(distance))
      }
    }
    evaluator.run()
    let lanes = (0..<evaluator.lanes).filter { evaluator.word(condition, lane: $0) == 1 }
    guard lanes.count > 1 else { return nil }
    for (index, base) in zip(based, bases) {
      let offsets = Set(
        lanes.map { evaluator.word(address, lane: $0) &- evaluator.word(base, lane: $0) })
      if offsets.count == 1, let offset = offsets.first,
        regions[index].bounds.contains(Int64(bitPattern: offset))
      {
        return Target(
          condition: condition, region: index, offset: terms.constant(offset, width: 64))
      }
    }
    return nil
  }
}
