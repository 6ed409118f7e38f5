import Terms

/// Makes a counterexample simpler while it stays one.
struct Shrinker {
  private let terms: TermManager
  /// True exactly for counterexamples.
  private let isBad: Term
  /// The value to prefer to all others, by variable.
  private let defaults: [Term: BitVector]
  private var evaluator: Evaluator

  init(_ terms: TermManager, isBad: Term, defaults: [Term: BitVector]) {
    self.terms = terms
    self.isBad = isBad
    self.defaults = defaults
    let widths = terms.freeVariables(of: [isBad]).map { variable in
      if case .array = terms.sort(variable) { 1 } else { terms.sort(variable).width }
    }
    evaluator = Evaluator(
      terms, roots: [isBad], lanes: Shrinker.candidateCount(widths.max() ?? 1))
  }

  /// A model that is bad as well and at least as simple, variable by variable.
  mutating func shrink(_ model: Model, rounds: Int = 3) -> Model {
    var best = model
    for variable in evaluator.variables {
      if case .array = terms.sort(variable) { continue }
      if best.values[variable] == nil {
        best.values[variable] = .zero(terms.sort(variable).width)
      }
    }
    for _ in 0..<rounds {
      let before = best
      for variable in evaluator.variables { improve(&best, variable) }
      if best == before { break }
    }
    return best
  }

  private mutating func improve(_ model: inout Model, _ variable: Term) {
    guard let current = model.values[variable] else { return }
    let candidates = candidates(current, variable)
    if candidates.isEmpty { return }
    for lane in 0..<evaluator.lanes {
      evaluator.set(model, lane: lane)
      if lane < candidates.count { evaluator.set(variable, lane: lane, to: candidates[lane]) }
    }
    evaluator.run()
    if let lane = candidates.indices.first(where: { evaluator.word(isBad, lane: $0) == 1 }) {
      model.values[variable] = candidates[lane]
    }
  }

  /// How far apart the numbers of bits are that are kept of a value of `width` bits.
  private static func step(_ width: Int) -> Int { Swift.max(1, width / 20) }

  /// The most candidates for a value of `width` bits.
  private static func candidateCount(_ width: Int) -> Int {
    7 + 2 * (Swift.max(width - 2, 0) / step(width) + 1)
  }

  /// Simpler values than `current`, the simplest first; at most a batch.
  private func candidates(_ current: BitVector, _ variable: Term) -> [BitVector] {
    let width = current.width
    let one = BitVector(1, width: width)
    var list: [BitVector] = []
    if let fixed = defaults[variable] { list.append(fixed) }
    list += [.zero(width), one, .ones(width), BitVector(2, width: width)]
    let top = one.shiftedLeft(width - 1)
    list += [top.subtracting(one), top]
    var bits = 2
    while bits < width {
      list.append(current.extracting(bits - 1, 0).zeroExtended(to: width))
      list.append(current.extracting(bits - 1, 0).signExtended(to: width))
      bits += Shrinker.step(width)
    }
    if let position = list.firstIndex(of: current) { list.removeSubrange(position...) }
    return Array(list.prefix(evaluator.lanes))
  }
}
