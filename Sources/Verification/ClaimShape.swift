import Terms

/// A condition up to the names of its variables: of two with equal shapes either both can be true or
/// neither. The lanes of a vector and the placements of buffers make many claims of one shape.
package struct ClaimShape: Hashable {
  /// Larger conditions are not compared.
  private static let limit = 4_096

  /// For each term, children first, its operator, its sort, its children by their numbers, and what
  /// else belongs to it.
  private let words: [UInt64]

  /// Nil for a condition of too many terms, or with arrays.
  package init?(_ condition: Term, in terms: TermManager) {
    var words: [UInt64] = []
    var numbers: [Term: UInt64] = [:]
    var variableCount: UInt64 = 0
    var open = [condition]
    while let term = open.last {
      if numbers[term] != nil {
        open.removeLast()
        continue
      }
      let children = terms.children(term)
      let missing = children.filter { numbers[$0] == nil }
      // The first child is numbered first, whatever order the terms were made in.
      if !missing.isEmpty {
        open += missing.reversed()
        continue
      }
      open.removeLast()
      guard numbers.count < ClaimShape.limit, !terms.sort(term).isArray else { return nil }
      let sort = terms.isBool(term) ? 0 : UInt64(terms.width(term))
      words.append(UInt64(terms.operation(term).rawValue) << 32 | sort)
      words += children.compactMap { numbers[$0] }
      if let value = terms.value(term) { words += value.words }
      if let (high, low) = terms.bounds(term) { words += [UInt64(high), UInt64(low)] }
      if terms.variable(term) != nil {
        words.append(variableCount)
        variableCount += 1
      }
      numbers[term] = UInt64(numbers.count)
    }
    self.words = words
  }
}

extension Sort {
  fileprivate var isArray: Bool { if case .array = self { true } else { false } }
}
