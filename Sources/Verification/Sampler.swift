import Terms

/// Chooses inputs that wrong code is likely to fail on: corners, ties, constants of the formula and
/// their neighbours, random values of random bit density.
struct Sampler {
  private enum Mode: Int, CaseIterable {
    case zeros, ones, corners, small, ties, dense, uniform, sparse
  }

  private var random = SplitMix64(seed: 0x5EED)
  /// Values by width that the formula itself mentions.
  private var mentioned: [Int: [BitVector]] = [:]
  /// Variables that keep one value (addresses, say) in most samples.
  private let defaults: [Term: BitVector]

  init(_ terms: TermManager, roots: [Term], defaults: [Term: BitVector]) {
    self.defaults = defaults
    for term in terms.support(of: roots) {
      guard let value = terms.value(term), !terms.isBool(term) else { continue }
      let one = BitVector(1, width: value.width)
      mentioned[value.width, default: []] += [value, value.adding(one), value.subtracting(one)]
    }
  }

  /// Sets every variable of the evaluator in every lane.
  mutating func fill(_ evaluator: inout Evaluator, _ terms: TermManager, round: Int) {
    for lane in 0..<evaluator.lanes {
      let index = round * evaluator.lanes + lane
      let mode = Mode.allCases[index % Mode.allCases.count]
      let pool = (0..<2).map { _ in random.next() }
      for variable in evaluator.variables {
        guard case .bitVector(let width) = terms.sort(variable) else {
          if terms.sort(variable) == .bool {
            evaluator.set(variable, lane: lane, to: BitVector(random.next() & 1, width: 1))
          }
          continue
        }
        let fixed = defaults[variable]
        let value =
          fixed != nil && (Sampler.keepsDefaults(lane) || next(2) == 0)
          ? fixed : index < 2 ? first(mode, width) : value(mode, width, pool)
        evaluator.set(variable, lane: lane, to: value ?? .zero(width))
      }
    }
  }

  /// Whether the variables with a default have it in a lane; in the others, each with even chance.
  static func keepsDefaults(_ lane: Int) -> Bool { lane % 16 != 15 }

  private func first(_ mode: Mode, _ width: Int) -> BitVector {
    mode == .zeros ? .zero(width) : .ones(width)
  }

  private mutating func value(_ mode: Mode, _ width: Int, _ pool: [UInt64]) -> BitVector {
    switch mode {
    case .zeros: return next(2) == 0 ? .zero(width) : corner(width)
    case .ones: return next(2) == 0 ? .ones(width) : corner(width)
    case .corners: return corner(width)
    case .small: return BitVector(signed: Int64(next(20)) - 4, width: width)
    case .ties: return BitVector(signed: Int64(bitPattern: pool[next(2)]), width: width)
    case .uniform: return words(width) { $0.next() }
    case .dense: return words(width) { $0.next() | $0.next() | $0.next() }
    case .sparse: return words(width) { $0.next() & $0.next() & $0.next() }
    }
  }

  private mutating func next(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  private mutating func words(
    _ width: Int, _ word: (inout SplitMix64) -> UInt64
  ) -> BitVector {
    BitVector(width: width) { _ in word(&random) }
  }

  private mutating func corner(_ width: Int) -> BitVector {
    if let known = mentioned[width], !known.isEmpty, next(2) == 0 {
      return known[next(known.count)]
    }
    let top = BitVector(1, width: width).shiftedLeft(width - 1)
    let choices = [
      .zero(width), .ones(width), BitVector(1, width: width), top,
      top.subtracting(BitVector(1, width: width)), top.adding(BitVector(1, width: width)),
      BitVector(1, width: width).shiftedLeft(next(width)),
      BitVector(1, width: width).shiftedLeft(next(width)).subtracting(BitVector(1, width: width)),
    ]
    return choices[next(choices.count)]
  }
}
