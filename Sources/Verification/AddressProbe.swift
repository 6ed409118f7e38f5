import Terms

/// Judges where an address is, whose form does not say so, by inputs with regions wherever they may lie.
struct AddressProbe {
  /// The rounds in which samples are drawn until there are enough.
  private static let rounds = 4
  private static let enough = 8

  /// What holds of all inputs.
  let assumptions: [Term]
  /// Addresses that the variables may have which stand for them.
  let usual: [Term: BitVector]
  /// Keeps its remainder by 64.
  let stackPointer: Term

  /// By sample in which `condition` holds, the distance of `address` from each of `bases`; none where too
  /// few samples were found.
  func distances(
    of address: Term, from bases: [Term], where condition: Term, _ terms: TermManager
  ) -> [[Int64]] {
    let isInput = terms.and(assumptions + [condition])
    var evaluator = Evaluator(terms, roots: [address, isInput] + bases)
    var sampler = Sampler(terms, roots: [isInput], defaults: usual)
    var random = SplitMix64(seed: 0xA99A)
    var result: [[Int64]] = []
    for round in 0..<Self.rounds where result.count < Self.enough {
      sampler.fill(&evaluator, terms, round: round)
      for lane in 0..<evaluator.lanes {
        for (index, base) in bases.enumerated() {
          let misalignment = base == stackPointer ? 0 : Self.misalignment(lane, of: index)
          let distance = random.next() % 1_024 * 64 + misalignment
          let place = usual[base] ?? .zero(64)
          evaluator.set(base, lane: lane, to: place.adding(BitVector(distance, width: 64)))
        }
      }
      evaluator.run()
      for lane in 0..<evaluator.lanes where evaluator.word(isInput, lane: lane) == 1 {
        let place = evaluator.word(address, lane: lane)
        result.append(
          bases.map { Int64(bitPattern: place &- evaluator.word($0, lane: lane)) })
      }
    }
    return result.count < 2 ? [] : result
  }

  /// None in half of the lanes, and every remainder by 32 in the others.
  private static func misalignment(_ lane: Int, of index: Int) -> UInt64 {
    lane % 2 == 0 ? 0 : UInt64(lane / 2 * (2 * index + 1) % 32)
  }
}
