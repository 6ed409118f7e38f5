/// What terms consist of.
extension TermManager {
  /// The terms that `roots` consist of, themselves included, children before parents.
  public func support(of roots: [Term]) -> [Term] {
    if roots == last.roots { return last.support }
    guard let top = roots.map(\.position).max() else { return [] }
    let result = withReached(from: roots) { found, marks in
      // Few terms of a large arena are sorted faster than the others are passed over.
      if found.count <= top / 4_096 {
        for position in found { marks.remove(Int(position)) }
        return found.sorted().map { Term(Int($0)) }
      }
      var result: [Term] = []
      result.reserveCapacity(found.count)
      marks.drain(through: top) { result.append(Term($0)) }
      return result
    }
    last = (roots, result)
    return result
  }

  /// The variables that occur in `roots`.
  public func freeVariables(of roots: [Term]) -> [Term] {
    withReached(from: roots) { found, marks in
      var variables: [UInt32] = []
      for position in found {
        marks.remove(Int(position))
        if nodes[Int(position)].operation == .variable { variables.append(position) }
      }
      return variables.sorted().map { Term(Int($0)) }
    }
  }

  /// Lets `body` see the positions of what `roots` consist of, in no order, and take their marks away.
  private func withReached(
    from roots: [Term], _ body: (ContiguousArray<UInt32>, inout TermMarks) -> [Term]
  ) -> [Term] {
    // Taken out for the time, since what is local is read and written faster.
    let nodes = nodes
    var (found, marks) = (ContiguousArray<UInt32>(), TermMarks())
    swap(&found, &self.found)
    swap(&marks, &self.marks)
    marks.reserve(nodes.count)
    marks.reach(roots, nodes, &found)
    let result = body(found, &marks)
    found.removeAll(keepingCapacity: true)
    swap(&found, &self.found)
    swap(&marks, &self.marks)
    return result
  }

  /// Lets `body` look up the places of `live` in itself, by position; what it says of other terms means
  /// nothing.
  func withPlaces<Result>(
    of live: [Term], _ body: (TermPlaces) throws -> Result
  ) rethrows -> Result {
    // Taken out, so that a traversal within `body` gets places of its own.
    var own = TermPlaces()
    swap(&own, &places)
    defer { swap(&own, &places) }
    own.set(live, count: nodes.count)
    return try body(own)
  }

  /// The terms that `roots` consist of, each once, children before parents, in an order that depends
  /// on the roots alone.
  func postorder(of roots: [Term]) -> [Term] {
    var seen: Set<Term> = []
    var result: [Term] = []
    var stack = roots.reversed().map { (term: $0, isExpanded: false) }
    while let (term, isExpanded) = stack.popLast() {
      if isExpanded {
        result.append(term)
      } else if seen.insert(term).inserted {
        stack.append((term, true))
        stack += children(term).reversed().map { ($0, false) }
      }
    }
    return result
  }
}
