/// What an evaluation of some roots consists of: their terms in order, where the values of each are, and
/// the steps that compute them.
final class EvaluationPlan {
  /// Where the first column of a bit-vector begins, or a negative number for an array, and its width.
  typealias Place = (slot: Int, width: Int)

  /// One live node: its operator, where its operands and its result are.
  struct Step {
    let operation: Operator
    let width: Int
    /// The widths of the operands; zero for arrays.
    let firstWidth: Int
    let secondWidth: Int
    let thirdWidth: Int
    let slot: Int
    let first: Int
    let second: Int
    let third: Int
    /// Bounds of an `extract`.
    let high: Int
    let low: Int
    let isNarrow: Bool
  }

  let variables: [Term]
  let steps: [Step]
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
      live.indices.compactMap { index in
        let operands = terms.children(live[index])
        if operands.isEmpty { return nil }
        func operand(_ number: Int) -> Place {
          number < operands.count ? places[numbers[operands[number]]] : (0, 0)
        }
        return Step(live[index], places[index], operand(0), operand(1), operand(2), terms)
      }
    }
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

extension EvaluationPlan.Step {
  /// The step of a term at `own`, whose operands are at the other places; a missing one is at zero.
  fileprivate init(
    _ term: Term, _ own: EvaluationPlan.Place, _ first: EvaluationPlan.Place,
    _ second: EvaluationPlan.Place, _ third: EvaluationPlan.Place, _ terms: TermManager
  ) {
    let bounds = terms.bounds(term) ?? (0, 0)
    func isWord(_ place: EvaluationPlan.Place) -> Bool { place.slot >= 0 && place.width <= 64 }
    self.init(
      operation: terms.operation(term), width: own.width, firstWidth: first.width,
      secondWidth: second.width, thirdWidth: third.width, slot: own.slot, first: first.slot,
      second: second.slot, third: third.slot, high: bounds.high, low: bounds.low,
      isNarrow: isWord(own) && isWord(first) && isWord(second) && isWord(third))
  }
}
