/// The shapes of conditions that were proved to be impossible, and by which stage: what one claim, one
/// placement or one candidate was proved by serves the next.
///
/// A class, since several proofs of one thread share it.
public final class ProvedShapes {
  private var stages: [ClaimShape: Stage] = [:]
  private var size = 0
  /// As many words are kept before all is forgotten.
  private let limit: Int
  /// How often a condition of a known shape was asked for.
  package private(set) var recalls = 0

  public init(words limit: Int = 1 << 22) { self.limit = limit }

  /// The stage that proved a condition of the same shape impossible; nil if none did.
  func stage(_ shape: ClaimShape) -> Stage? {
    guard let known = stages[shape] else { return nil }
    recalls += 1
    return known
  }

  func add(_ shape: ClaimShape, _ stage: Stage) {
    if size + shape.size > limit { (stages, size) = ([:], 0) }
    if stages.updateValue(stage, forKey: shape) == nil { size += shape.size }
  }
}
