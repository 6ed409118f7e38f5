/// What was found of instructions and of beginnings of them in states, by their numbers.
///
/// A class, since what is found may be found of others first; it is used under the lock of `CompiledDecoder`.
final class FoundInStates {
  /// By state and effect: the state after it, or -1.
  private let outcomes = FlatTable()
  /// By state and effect: which of `costs` ends the code after it, or -1.
  private let closings = FlatTable()
  @exclusivity(unchecked) private var costs: [Cost] = []
  /// By state and node: which of `made` completes the instruction, or -1.
  private let plans = FlatTable()
  @exclusivity(unchecked) private var made: [CompletionSearch.Plan] = []

  /// The state after an instruction; -1 if it may not stand there.
  func outcome(_ slot: Int32, _ effect: Int32, _ make: () -> Int32) -> Int32 {
    let key = FlatTable.key(slot, effect)
    if let known = outcomes[key] { return known }
    let found = make()
    outcomes.insert(found, for: key)
    return found
  }

  /// What completes the code after an instruction.
  func closing(_ slot: Int32, _ effect: Int32, _ make: () -> Cost?) -> Cost? {
    let key = FlatTable.key(slot, effect)
    if let known = closings[key] { return known < 0 ? nil : costs[Int(known)] }
    let found = make()
    closings.insert(found == nil ? -1 : Int32(costs.count), for: key)
    if let found { costs.append(found) }
    return found
  }

  /// What completes an instruction that was begun.
  func plan(
    _ slot: Int32, _ node: Int32, _ make: () -> CompletionSearch.Plan?
  ) -> CompletionSearch.Plan? {
    let key = FlatTable.key(slot, node)
    if let known = plans[key] { return known < 0 ? nil : made[Int(known)] }
    let found = make()
    plans.insert(found == nil ? -1 : Int32(made.count), for: key)
    if let found { made.append(found) }
    return found
  }

  func removeAll() {
    outcomes.removeAll()
    closings.removeAll()
    costs.removeAll()
    plans.removeAll()
    made.removeAll()
  }

  /// The bytes that they take.
  var memory: Int {
    outcomes.memory + closings.memory + plans.memory + costs.count * MemoryLayout<Cost>.stride
      + made.count * MemoryLayout<CompletionSearch.Plan>.stride
  }
}
