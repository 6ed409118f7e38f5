import ConstrainedDecoding

extension CompiledDecoder {
  /// How each part of the constraint is kept, as JSON: an array of objects with `name`, `enforcement`
  /// and `reason`, which is empty for what is enforced.
  public var reportJSON: String {
    JSON.array(
      report.map { part in
        let (kept, reason) = part.enforcement.words
        return .object([
          ("name", .string(part.name)), ("enforcement", .string(kept)),
          ("reason", .string(reason)),
        ])
      }
    ).text
  }
}

extension Enforcement {
  /// Its name and its reason.
  fileprivate var words: (String, String) {
    switch self {
    case .enforced: ("enforced", "")
    case .narrowed(let reason): ("narrowed", reason)
    case .overApproximated(let reason): ("over-approximated", reason)
    case .refused(let reason): ("refused", reason)
    }
  }
}
