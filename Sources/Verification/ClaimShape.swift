import Terms

/// A condition up to the names of its variables: of two with equal shapes either both can be true or
/// neither. The lanes of a vector and the placements of buffers make many claims of one shape.
package struct ClaimShape: Hashable {
  /// Larger conditions are not compared.
  private static let limit = 4_096

  /// For each term, children first, its operator, its sort, its children by their numbers, and what
  /// else belongs to it.
  private let words: [UInt64]
  /// A hash of the words.
  private let digest: UInt64

  /// Nil for a condition of too many terms, or with arrays.
  package init?(_ condition: Term, in terms: TermManager) {
    var words: [UInt64] = []
    // By position, zero for a term without a number.
    var numbers = [UInt32](repeating: 0, count: condition.position + 1)
    var count: UInt32 = 0
    var variableCount: UInt64 = 0
    var open = [condition]
    while let term = open.last {
      if numbers[term.position] != 0 {
        open.removeLast()
        continue
      }
      let children = terms.children(term)
      let known = open.count
      // The first child is numbered first, whatever order the terms were made in.
      for child in children.reversed() where numbers[child.position] == 0 { open.append(child) }
      if open.count > known { continue }
      open.removeLast()
      guard count < ClaimShape.limit, !terms.sort(term).isArray else { return nil }
      let operation = terms.operation(term)
      let sort = terms.isBool(term) ? 0 : UInt64(terms.width(term))
      words.append(UInt64(operation.rawValue) << 32 | sort)
      for child in children { words.append(UInt64(numbers[child.position] - 1)) }
      switch operation {
      case .constant: if let value = terms.value(term) { words += value.words }
      case .extract: words += terms.bounds(term).map { [UInt64($0.high), UInt64($0.low)] } ?? []
      case .variable:
        words.append(variableCount)
        variableCount += 1
      default: break
      }
      count += 1
      numbers[term.position] = count
    }
    self.words = words
    digest = words.reduce(0) { ($0 ^ $1 ^ $0 >> 29) &* 0x9E37_79B9_7F4A_7C15 }
  }

  package static func == (left: ClaimShape, right: ClaimShape) -> Bool {
    left.digest == right.digest && left.words == right.words
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension Sort {
  fileprivate var isArray: Bool { if case .array = self { true } else { false } }
}
