extension InstructionMatcher {
  /// The first byte of the completion that is known of what was written; nil where nothing has to follow,
  /// and where the constraint does not follow the machine's state.
  package var nextOfCompletion: UInt8? {
    guard case .semantic(let place) = position, place.plan > 1 else { return nil }
    return UInt8(truncatingIfNeeded: place.plan)
  }

  /// Whether no instruction is only begun.
  package var isBetweenInstructions: Bool { openBytes.isEmpty }
}
