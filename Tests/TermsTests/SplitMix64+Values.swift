import Terms

extension SplitMix64 {
  /// True once in `number` times.
  mutating func once(in number: Int) -> Bool { Int.random(in: 0..<number, using: &self) == 0 }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

  /// A value of the kinds that rewrites look for: extremes, single bits, runs, and noise.
  mutating func bits(_ width: Int) -> BitVector {
    let one = BitVector(1, width: width)
    switch below(10) {
    case 0: return .zero(width)
    case 1: return one
    case 2: return .ones(width)
    case 3: return one.shiftedLeft(below(width))
    case 4: return .ones(width).shiftedRight(logical: below(width))
    case 5: return .ones(width).shiftedLeft(below(width))
    case 6: return .ones(width).shiftedRight(logical: below(width)).shiftedLeft(below(width))
    case 7: return BitVector(UInt64(below(4)), width: width)
    case 8: return BitVector(UInt64(below(4)), width: width).negated()
    default:
      return BitVector(words: (0..<BitVector.wordCount(width)).map { _ in next() }, width: width)
    }
  }
}
