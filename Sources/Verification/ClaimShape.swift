import Terms

/// A condition up to the names of its variables: of two with equal shapes either both can be true or
/// neither. The lanes of a vector and the placements of buffers make many claims of one shape.
package struct ClaimShape: Hashable {
  /// Larger conditions are not compared.
  private static let limit = 4_096

  private let words: ContiguousArray<UInt64>
  /// A hash of the words.
  private let digest: UInt64

  /// Nil for a condition of too many terms, or with arrays.
  package init?(_ condition: Term, in terms: TermManager) {
    guard let words = terms.shape(of: condition, limit: ClaimShape.limit) else { return nil }
    self.words = words
    digest = words.reduce(0) { ($0 ^ $1 ^ $0 >> 29) &* 0x9E37_79B9_7F4A_7C15 }
  }

  /// How many words it takes.
  var size: Int { words.count }

  package static func == (left: ClaimShape, right: ClaimShape) -> Bool {
    left.digest == right.digest && left.words == right.words
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
