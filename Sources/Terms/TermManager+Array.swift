/// Constructors on arrays of bit-vectors.
extension TermManager {
  /// How many choices between arrays a `select` is pushed into.
  private static let selectDepthLimit = 8

  /// The array that holds `element` everywhere; its index sort is `index` bits wide.
  public func constantArray(_ element: Term, index: Int) -> Term {
    node(.constantArray, .array(index: index, element: width(element)), element)
  }

  public func select(_ array: Term, _ index: Term) -> Term {
    guard case .array(let indexWidth, let element) = sort(array) else {
      preconditionFailure("select from \(sort(array))")
    }
    precondition(width(index) == indexWidth, "index of \(width(index)) bits for \(sort(array))")
    var choices: [Choice] = []
    var rest = array
    while operation(rest) == .store {
      let hit = equal(second(rest), index)
      if hit == `true` { return chosen(choices, otherwise: third(rest)) }
      if hit != `false` {
        choices.append(Choice(index: second(rest), condition: hit, element: third(rest)))
      }
      rest = first(rest)
    }
    switch operation(rest) {
    case .constantArray: return chosen(choices, otherwise: first(rest))
    case .ifThenElse where cutDepth < TermManager.selectDepthLimit:
      cutDepth += 1
      defer { cutDepth -= 1 }
      return chosen(
        choices,
        otherwise: ifThenElse(
          first(rest), select(second(rest), index), select(third(rest), index)))
    default:
      if isStoredTo(index, array), let last = ordered(choices).last {
        return chosen(ordered(choices).dropLast(), otherwise: last.element)
      }
      return chosen(choices, otherwise: node(.select, .bitVector(element), rest, index))
    }
  }

  /// Whether something was stored at every value that an index can have, as far as is seen.
  private func isStoredTo(_ index: Term, _ array: Term) -> Bool {
    guard operation(array) == .store, width(index) <= 64, !isConstant(index) else { return false }
    let stored = Set(base(array).1.compactMap { small($0) })
    let range = UnsignedRange.of(index, in: self)
    return range.span < UInt64(stored.count)
      && (0...range.span).allSatisfy { stored.contains(range.low + $0 * range.stride) }
  }

  /// An element that was stored, where the condition holds that it is asked for.
  private struct Choice {
    let index: Term
    let condition: Term
    let element: Term
  }

  /// The same by ascending indices where all are constants, as memory is read: of different ones at most one is asked
  /// for, and equal ones stay in order.
  private func ordered(_ choices: [Choice]) -> [Choice] {
    let indices = choices.compactMap { small($0.index) }
    guard indices.count == choices.count else { return choices }
    return zip(indices, choices).enumerated()
      .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
  }

  private func chosen(_ choices: [Choice], otherwise: Term) -> Term {
    ordered(choices).reversed().reduce(otherwise) {
      ifThenElse($1.condition, $1.element, $0)
    }
  }

  public func store(_ array: Term, _ index: Term, _ element: Term) -> Term {
    guard case .array(let indexWidth, let elementWidth) = sort(array) else {
      preconditionFailure("store into \(sort(array))")
    }
    precondition(
      width(index) == indexWidth && width(element) == elementWidth,
      "store of \(sort(element)) at \(sort(index)) into \(sort(array))")
    if operation(array) == .store, second(array) == index {
      return store(first(array), index, element)
    }
    return node(.store, sort(array), array, index, element)
  }

  /// Equality of arrays that differ from one base only where something was stored is equality
  /// there; any other is left to the solver.
  func arrayEqual(_ left: Term, _ right: Term) -> Term {
    let (leftBase, leftIndices) = base(left)
    let (rightBase, rightIndices) = base(right)
    guard leftBase == rightBase else {
      return left.index < right.index
        ? node(.equal, .bool, left, right) : node(.equal, .bool, right, left)
    }
    let indices = Set(leftIndices + rightIndices).sorted { $0.index < $1.index }
    return and(indices.map { equal(select(left, $0), select(right, $0)) })
  }

  private func base(_ array: Term) -> (Term, [Term]) {
    var indices: [Term] = []
    var rest = array
    while operation(rest) == .store {
      indices.append(second(rest))
      rest = first(rest)
    }
    return (rest, indices)
  }
}
