/// What an evaluation of some roots consists of: their terms in order, where the values of each are, and
/// the steps that compute them.
final class EvaluationPlan {
  /// Where the first column of a bit-vector begins, or a negative number for an array, and its width.
  typealias Place = (slot: Int, width: Int)

  /// One live node: its operator, where its operands and its result are.
  struct Step {
    let operation: Operator
    let isNarrow: Bool
    // Fewer bytes, since there are many steps: no term is 2^32 bits wide.
    private let widths: (own: UInt32, first: UInt32, second: UInt32, third: UInt32)
    private let bounds: (high: UInt32, low: UInt32)
    let slot: Int
    let first: Int
    let second: Int
    let third: Int

    var width: Int { Int(widths.own) }
    /// The widths of the operands; zero for arrays.
    var firstWidth: Int { Int(widths.first) }
    var secondWidth: Int { Int(widths.second) }
    var thirdWidth: Int { Int(widths.third) }
    /// Bounds of an `extract`.
    var high: Int { Int(bounds.high) }
    var low: Int { Int(bounds.low) }

    /// The step of a term at `own`, whose operands are at the other places; a missing one is at zero.
    init(
      _ term: Term, _ own: Place, _ first: Place, _ second: Place, _ third: Place,
      _ terms: TermManager
    ) {
      func isWord(_ place: Place) -> Bool { place.slot >= 0 && place.width <= 64 }
      operation = terms.operation(term)
      isNarrow = isWord(own) && isWord(first) && isWord(second) && isWord(third)
      widths = (
        UInt32(own.width), UInt32(first.width), UInt32(second.width), UInt32(third.width)
      )
      let (high, low) = terms.bounds(term) ?? (0, 0)
      bounds = (UInt32(high), UInt32(low))
      (slot, self.first, self.second, self.third) =
        (own.slot, first.slot, second.slot, third.slot)
    }
  }

  let variables: [Term]
  let steps: [Step]
  /// Whether each step computes words of all lanes at a time.
  let isWordwise: Bool
  let constants: [(slot: Int, value: BitVector)]
  /// The variables that are arrays.
  let arrays: [(slot: Int, elementWidth: Int)]
  /// The words of all columns.
  let size: Int
  /// The live terms, children before parents, and where their values are.
  private let live: [Term]
  private let places: [Place]

  init(_ terms: TermManager, roots: [Term], lanes: Int) {
    let live = terms.support(of: roots)
    let (places, size) = EvaluationPlan.places(of: live, lanes, terms)
    self.live = live
    self.places = places
    self.size = size
    variables = live.filter { terms.operation($0) == .variable }
    constants = live.indices.compactMap { index in
      terms.value(live[index]).map { (places[index].slot, $0) }
    }
    arrays = live.indices.compactMap { index in
      guard terms.operation(live[index]) == .variable,
        case .array(_, let width) = terms.sort(live[index])
      else { return nil }
      return (places[index].slot, width)
    }
    steps = terms.withPlaces(of: live) { numbers in
      var steps: [Step] = []
      steps.reserveCapacity(live.count)
      for index in live.indices {
        let operands = terms.children(live[index])
        if operands.isEmpty { continue }
        func operand(_ number: Int) -> Place {
          number < operands.count ? places[numbers[operands[number]]] : (0, 0)
        }
        steps.append(
          Step(live[index], places[index], operand(0), operand(1), operand(2), terms))
      }
      return steps
    }
    isWordwise = steps.allSatisfy { $0.isNarrow || $0.isWordwise }
  }

  private static func places(
    of live: [Term], _ lanes: Int, _ terms: TermManager
  ) -> ([Place], size: Int) {
    var size = 0
    let places = live.enumerated().map { index, term -> Place in
      let sort = terms.sort(term)
      if case .array = sort { return (-1 - index, 0) }
      defer { size += BitVector.wordCount(sort.width) * lanes }
      return (size, sort.width)
    }
    return (places, size)
  }

  /// Where the value of a live term is; nil for any other.
  func find(_ term: Term) -> Place? {
    var (low, high) = (0, live.count)
    while low < high {
      let middle = (low + high) / 2
      if live[middle].position < term.position { low = middle + 1 } else { high = middle }
    }
    return low < live.count && live[low] == term ? places[low] : nil
  }
}
