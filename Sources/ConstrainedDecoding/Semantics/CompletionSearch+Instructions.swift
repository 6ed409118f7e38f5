/// Whole instructions, whatever their beginnings look like.
extension CompletionSearch {
  /// Where a whole instruction leads from a boundary, if it may stand there.
  func after(_ instruction: [UInt8], _ place: Place) -> Place? {
    var next = settled(place)
    if states[Int(next.slot)].isEnded { return nil }
    let effect = effects.number(of: instruction.begun)
    guard closing(next.slot, effect) != nil else { return nil }
    next.effect = effect
    return next
  }

  /// The instructions that are known to complete the code, at a boundary.
  func instructionsToEnd(_ place: Place) -> Int? {
    if place.effect >= 0 { return closing(place.slot, place.effect)?.instructions }
    let state = states[Int(place.slot)]
    if state.isEnded { return 0 }
    // A code has an instruction at least.
    return place.instructions == 0 && state.closing.instructions == 0
      ? beginning : state.closing.instructions
  }
}
