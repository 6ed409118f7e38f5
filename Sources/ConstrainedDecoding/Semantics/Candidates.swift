/// The search where there are few examples: first with the ends of others, then among the instructions
/// next in order.
extension CompletionSearch {
  enum Finding {
    case found(Plan)
    case nothing
    /// Nothing, whatever displacement and immediates follow.
    case hopeless
    case givenUp

    var plan: Plan? {
      if case .found(let plan) = self { return plan }
      return nil
    }
  }

  /// Bytes by their bits in reverse, so that different operations come early.
  static let order: [UInt8] = (UInt8(0)...255).map { byte in
    var result: UInt8 = 0
    for bit in UInt8(0)..<8 where byte >> bit & 1 == 1 { result |= 0x80 >> bit }
    return result
  }

  /// The lowest bytes of displacements and immediates that are tried: small ones, and those that places
  /// on the stack have.
  private static let numbers: [UInt8] =
    [0, 8, 0xF8, 4, 0xFC, 16, 0xF0, 12, 0xF4, 24, 0xE8, 32, 0xE0, 1, 2, 3, 5, 6, 7, 40, 0xD8, 0x7F]

  /// A plan from instructions in order of their bytes; each that is tried counts.
  ///
  /// - Parameter isInNumber: whether the last byte was one of a displacement or an immediate, which goes
  ///   on with its sign.
  func near(
    _ position: Position, _ state: SemanticState, _ tries: inout Int, isInNumber: Bool
  ) -> Finding {
    let isFree = automaton.isFree(position.state) && effects.isNumber(after: position.begun)
    for byte in bytes(position, isFree, isInNumber) {
      let reached = automaton.step(position.state, byte)
      if reached < 0 { continue }
      var next = position
      next.state = reached
      next.bytes += 1
      next.begun = position.begun << 8 | UInt128(byte)
      var finding: Finding
      if automaton.isBoundary(reached) {
        if tries == 0 { return .givenUp }
        tries -= 1
        let (plan, refusal) = finish(position, state, next.begun, length: 1)
        finding =
          plan.map { .found($0) } ?? (refusal?.dependsOnNumbers ?? true ? .nothing : .hopeless)
      } else {
        finding = near(next, state, &tries, isInNumber: isFree)
      }
      switch finding {
      case .found(var plan):
        plan.bytes = plan.bytes << 8 | UInt128(byte)
        plan.rest += 1
        return .found(plan)
      case .givenUp: return .givenUp
      case .hopeless: if isFree { return .hopeless }
      case .nothing: break
      }
    }
    return .nothing
  }

  private func bytes(_ position: Position, _ isFree: Bool, _ isInNumber: Bool) -> [UInt8] {
    if !isFree { return CompletionSearch.order }
    if !isInNumber { return CompletionSearch.numbers }
    return position.begun & 0x80 == 0 ? [0] : [0xFF, 0]
  }

  // MARK: Other examples' ends

  private static let goodLimit = 1024
  private static let endingLimit = 24

  /// Examples that may stand at the start, from all of them evenly.
  func findGoodExamples() -> [UInt128] {
    guard let start = machine.start else { return [] }
    let distance = Swift.max(1, examples.count / CompletionSearch.goodLimit)
    return stride(from: 0, to: examples.count, by: distance).map { examples[$0] }.filter {
      if case .legal = machine.step(start, effects.effect(of: $0)) { true } else { false }
    }
  }

  /// What good examples have after their first `count` bytes.
  private func endings(after count: Int) -> [[UInt8]] {
    if let known = endings[count] { return known }
    let all = Set(goodExamples.map { Array($0.bytes.dropFirst(count)) }).subtracting([[]])
      .sorted { $0.count < $1.count || $0.count == $1.count && $0.lexicographicallyPrecedes($1) }
    let distance = Swift.max(1, all.count / CompletionSearch.endingLimit)
    let result = stride(from: 0, to: all.count, by: distance).map { all[$0] }
    endings[count] = result
    return result
  }

  /// A plan from the ends of other examples: after as many bytes, after fewer as if those so far were
  /// prefixes.
  func ending(_ position: Position, _ state: SemanticState) -> Plan? {
    let count = position.begun.byteCount
    let isFixed = machine.rules.instructionAlignment > 1
    for dropped in isFixed ? [count] : [count, 0, count - 1] {
      for bytes in endings(after: dropped) {
        if let plan = ending(bytes, position, state) { return plan }
      }
    }
    return nil
  }

  private func ending(
    _ bytes: [UInt8], _ position: Position, _ state: SemanticState
  ) -> Plan? {
    var place = position.state
    var begun = position.begun
    for (index, byte) in bytes.enumerated() {
      place = automaton.step(place, byte)
      guard place >= 0, automaton.isBoundary(place) == (index == bytes.count - 1) else {
        return nil
      }
      begun = begun << 8 | UInt128(byte)
    }
    guard var plan = finish(position, state, begun, length: bytes.count).plan else { return nil }
    for byte in bytes.reversed() { plan.bytes = plan.bytes << 8 | UInt128(byte) }
    plan.rest += bytes.count
    return plan
  }
}
