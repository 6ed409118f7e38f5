/// Instructions that are tried where few examples begin as wanted: with the ends of other examples, then those
/// next in order. Which they are does not depend on the machine's state.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class Candidates {
  /// How candidates are made, the likely first.
  enum Stage: Int, CaseIterable {
    case endings, near
  }

  struct Candidate {
    /// The rest of the instruction, as in `Position.plan`.
    var bytes: UInt128
    let effect: Int32
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
  /// As many of them where each is an operation of its own.
  private static let fewNumbers = 3
  private static let goodLimit = 1024
  private static let endingLimit = 24
  private static let limit = 1 << 18
  /// As many instructions near some bytes: more where the operation comes last in the bytes.
  private let nearLimit: Int

  private let automaton: CodeAutomaton
  private let machine: SemanticMachine
  private let effects: EffectCache
  private let examples: ExampleInstructions
  /// By stage and node.
  private var known: [[Int32: [Candidate]]] = [[:], [:]]
  private var count = 0
  private lazy var goodExamples = findGoodExamples()
  private var endings: [Int: [[UInt8]]] = [:]

  init(
    _ automaton: CodeAutomaton, _ machine: SemanticMachine, _ effects: EffectCache,
    _ examples: ExampleInstructions
  ) {
    self.automaton = automaton
    self.machine = machine
    self.effects = effects
    self.examples = examples
    nearLimit = machine.rules.instructionAlignment > 1 ? 128 : 64
  }

  /// Whether everything should be forgotten.
  var isFull: Bool { count >= Candidates.limit }

  /// Forgets everything that has numbers in it.
  func removeAll() {
    known = [[:], [:]]
    count = 0
  }

  /// The candidates of a stage after a node's bytes.
  func after(_ node: Int32, _ tree: InstructionTree, _ stage: Stage) -> [Candidate] {
    if let known = known[stage.rawValue][node] { return known }
    let begun = tree.begun[Int(node)]
    let state = tree.wholePlaces[Int(node)]
    let half = tree.halves[Int(node)]
    var found = Found()
    if half > 0 {
      if stage == .near { addEach(begun, state, half - 1, &found) }
    } else {
      let isNumber = automaton.isFree(state) && effects.isNumber(after: begun)
      switch stage {
      case .endings: if !isNumber { addEndings(begun, state, 1, .max, &found) }
      case .near:
        found.tries = isNumber ? Candidates.numbers.count : nearLimit
        let isInNumber = begun > 0xFF && effects.isNumber(after: begun >> 8)
        _ = addNear(begun, state, 1, &found, isInNumber: isInNumber)
      }
    }
    known[stage.rawValue][node] = found.candidates
    count += found.candidates.count + 4
    return found.candidates
  }

  /// Adds a few instructions for every byte with an upper half.
  private func addEach(_ begun: UInt128, _ state: Int32, _ half: UInt8, _ found: inout Found) {
    let isNumber = automaton.isFree(state) && effects.isNumber(after: begun)
    // Inside a number a small and a negative one are enough.
    for digit in isNumber ? [0, 8, 15] : Array(UInt8(0)..<16) {
      let byte = half << 4 | digit
      let reached = automaton.step(state, byte)
      if reached < 0 { continue }
      let next = begun << 8 | UInt128(byte)
      if automaton.isBoundary(reached) {
        found.add(1 << 8 | UInt128(byte), effects.number(of: next))
      } else {
        if !isNumber { addEndings(next, reached, 1 << 8 | UInt128(byte), 1, &found) }
        found.tries = 1
        _ = addNear(next, reached, 1 << 8 | UInt128(byte), &found, isInNumber: isNumber)
      }
    }
  }

  /// Candidates of different effects.
  private struct Found {
    var candidates: [Candidate] = []
    var seen: Set<Int32> = []
    var tries = 0

    mutating func add(_ bytes: UInt128, _ effect: Int32) {
      if seen.insert(effect).inserted { candidates.append(Candidate(bytes: bytes, effect: effect)) }
    }
  }

  // MARK: Next in order

  /// Adds instructions in order of their bytes; each counts, the displacements of one as one.
  ///
  /// - Parameters:
  ///   - ending: the bytes after those that were asked for, as in `Position.begun`.
  ///   - isInNumber: whether the last byte was one of a displacement or an immediate, which goes on with
  ///     its sign.
  /// - Returns: the effect of the last one.
  private func addNear(
    _ begun: UInt128, _ state: Int32, _ ending: UInt128, _ found: inout Found, isInNumber: Bool
  ) -> Int32? {
    let isNumber = automaton.isFree(state) && effects.isNumber(after: begun)
    var reachedEffects: Set<Int32> = []
    var last: Int32?
    var lastShape: Int32?
    var count = 0
    for byte in bytes(begun, isNumber, isInNumber) {
      let reached = automaton.step(state, byte)
      if reached < 0 { continue }
      if found.tries <= 0 { break }
      let next = begun << 8 | UInt128(byte)
      let bytes = ending << 8 | UInt128(byte)
      if automaton.isBoundary(reached) {
        last = effects.number(of: next)
        if let last { found.add(bytes.plan(ofLast: bytes.byteCount), last) }
        if !isNumber || count == 0 || ending == 1 { found.tries -= 1 }
      } else {
        last = addNear(next, reached, bytes, &found, isInNumber: isNumber) ?? last
      }
      count += 1
      if isNumber, let last {
        // A number that changes nothing need not be another one; of immediates each may be another operation,
        // and zero is one by itself.
        if !reachedEffects.insert(last).inserted { break }
        let shape = effects.effects[Int(last)].shape
        if count >= Candidates.fewNumbers, shape != lastShape { break }
        lastShape = shape
      }
    }
    return last
  }

  private func bytes(_ begun: UInt128, _ isNumber: Bool, _ isInNumber: Bool) -> [UInt8] {
    if !isNumber { return Candidates.order }
    if !isInNumber { return Candidates.numbers }
    return begun & 0x80 == 0 ? [0] : [0xFF, 0]
  }

  // MARK: Other examples' ends

  /// Examples that may stand at the start, from all of them evenly.
  private func findGoodExamples() -> [UInt128] {
    guard let start = machine.start else { return [] }
    let distance = Swift.max(1, examples.count / Candidates.goodLimit)
    return stride(from: 0, to: examples.count, by: distance).map { examples[$0] }.filter {
      if case .legal = machine.step(start, effects.effect(of: $0)) { true } else { false }
    }
  }

  /// What good examples have after their first `count` bytes.
  private func endings(after count: Int) -> [[UInt8]] {
    if let known = endings[count] { return known }
    let all = Set(goodExamples.map { Array($0.bytes.dropFirst(count)) }).subtracting([[]])
      .sorted { $0.count < $1.count || $0.count == $1.count && $0.lexicographicallyPrecedes($1) }
    let distance = Swift.max(1, all.count / Candidates.endingLimit)
    let result = stride(from: 0, to: all.count, by: distance).map { all[$0] }
    endings[count] = result
    return result
  }

  /// Adds the ends of other examples: after as many bytes, after fewer as if those so far were prefixes.
  ///
  /// - Parameters:
  ///   - ending: the bytes that were not asked for, as in `Position.begun`.
  ///   - limit: as many of each kind at most.
  private func addEndings(
    _ begun: UInt128, _ state: Int32, _ ending: UInt128, _ limit: Int, _ found: inout Found
  ) {
    let count = begun.byteCount
    let isFixed = machine.rules.instructionAlignment > 1
    for dropped in isFixed ? [count] : [count, 0, count - 1] {
      var left = limit
      for bytes in endings(after: dropped) where left > 0 {
        guard let whole = whole(begun, state, bytes) else { continue }
        found.add(
          whole.plan(ofLast: bytes.count + ending.byteCount), effects.number(of: whole))
        left -= 1
      }
    }
  }

  /// The instruction that some bytes complete; nil if they do not.
  private func whole(_ begun: UInt128, _ state: Int32, _ bytes: [UInt8]) -> UInt128? {
    var place = state
    var begun = begun
    for (index, byte) in bytes.enumerated() {
      place = automaton.step(place, byte)
      guard place >= 0, automaton.isBoundary(place) == (index == bytes.count - 1) else {
        return nil
      }
      begun = begun << 8 | UInt128(byte)
    }
    return begun
  }

  /// The bytes that the tables take.
  var memory: Int { count * MemoryLayout<Candidate>.stride }
}
