import MachineModel
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
  /// Where the code and its tables lie: they keep their remainders by a page.
  let codeBases: [Term]

  /// By sample in which `condition` holds, the distance of `address` from each of `starts`, which lie at
  /// places of their own; none where too few samples were found.
  func distances(
    of address: Term, from starts: [Term], where condition: Term, _ terms: TermManager
  ) -> [[Int64]] {
    let isInput = terms.and(assumptions + [condition])
    let bases = terms.freeVariables(of: starts).filter { usual[$0] != nil }
    var evaluator = Evaluator(terms, roots: [address, isInput] + starts)
    var sampler = Sampler(terms, roots: [isInput], defaults: usual)
    var random = SplitMix64(seed: 0xA99A)
    var result: [[Int64]] = []
    for round in 0..<Self.rounds where result.count < Self.enough {
      sampler.fill(&evaluator, terms, round: round)
      for lane in 0..<evaluator.lanes {
        for (index, base) in bases.enumerated() {
          let place = usual[base] ?? .zero(64)
          let distance = distance(of: base, index, in: lane, &random)
          evaluator.set(base, lane: lane, to: place.adding(BitVector(distance, width: 64)))
        }
      }
      evaluator.run()
      for lane in 0..<evaluator.lanes where evaluator.word(isInput, lane: lane) == 1 {
        let place = evaluator.word(address, lane: lane)
        result.append(
          starts.map { Int64(bitPattern: place &- evaluator.word($0, lane: lane)) })
      }
    }
    return result.count < 2 ? [] : result
  }

  /// How far a base is from its usual place: any remainder by 32, for a buffer in every second lane.
  private func distance(
    of base: Term, _ index: Int, in lane: Int, _ random: inout SplitMix64
  ) -> UInt64 {
    let step = random.next() % 1_024
    if codeBases.contains(base) { return step * Code.page }
    if base == stackPointer || lane % 2 == 0 { return step * 64 }
    return step * 64 + UInt64(lane / 2 * (2 * index + 1) % 32)
  }
}
