/// Instructions that are tried where few examples begin as wanted: with the ends of other examples, then those
/// next in order. Which they are does not depend on the machine's state; each is made when it is first asked for.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class Candidates {
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

  private static let goodLimit = 1024
  private static let endingLimit = 24
  private static let withoutPrefixLimit = 6
  /// As many instructions near some bytes: more where the operation comes last in the bytes.
  private let nearLimit: Int

  private let automaton: CodeAutomaton
  private let machine: SemanticMachine
  private let effects: EffectCache
  private let examples: ExampleInstructions
  private var lists: [List] = []
  /// By node.
  private var listNumbers: [Int32: Int32] = [:]
  private var count = 0
  private lazy var goodExamples = findGoodExamples()
  private var endings: [Int: [[UInt8]]] = [:]

  /// What is tried in turn.
  enum Element {
    case instruction(Candidate)
    /// The list of those that differ in a number only from one with an effect.
    case otherNumbers(Int32, like: Int32)
  }

  /// What was asked for, and where the others come from.
  private struct List {
    var elements: [Element] = []
    /// The next one last.
    var sources: [Source]
  }

  private enum Source {
    /// An instruction, with how many of its bytes were not asked for.
    case whole(UInt128, length: Int)
    case near(NearbyInstructions)
  }

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

  /// Forgets everything that has numbers in it.
  func removeAll() {
    lists.removeAll()
    listNumbers.removeAll()
    count = 0
  }

  /// The number of the list of a node's candidates.
  func list(after node: Int32, _ tree: InstructionTree) -> Int32 {
    if let known = listNumbers[node] { return known }
    let number = add(sources(after: node, tree))
    listNumbers[node] = number
    return number
  }

  private func add(_ sources: [Source]) -> Int32 {
    count += 4
    lists.append(List(sources: sources))
    return Int32(lists.count - 1)
  }

  /// An element of a list, whose instructions have different effects; nil if there are not so many.
  func element(_ index: Int, of list: Int32) -> Element? {
    let number = Int(list)
    while lists[number].elements.count <= index, let next = next(of: number) {
      if case .instruction(let candidate) = next, isKnown(candidate.effect, number) { continue }
      lists[number].elements.append(next)
      count += 1
    }
    return index < lists[number].elements.count ? lists[number].elements[index] : nil
  }

  private func isKnown(_ effect: Int32, _ list: Int) -> Bool {
    lists[list].elements.contains {
      if case .instruction(let candidate) = $0 { candidate.effect == effect } else { false }
    }
  }

  private func next(of list: Int) -> Element? {
    while let source = lists[list].sources.popLast() {
      switch source {
      case .whole(let begun, let length):
        return .instruction(
          Candidate(bytes: begun.plan(ofLast: length), effect: effects.number(of: begun)))
      case .near(var near):
        guard let found = near.next() else { continue }
        lists[list].sources.append(.near(near))
        switch found {
        case .instruction(let candidate): return .instruction(candidate)
        case .otherNumbers(let others, let effect):
          return .otherNumbers(add([.near(others)]), like: effect)
        }
      }
    }
    return nil
  }

  // MARK: Where they come from

  /// The sources of a node's candidates, the next one last.
  private func sources(after node: Int32, _ tree: InstructionTree) -> [Source] {
    let begun = tree.begun[Int(node)]
    let state = tree.wholePlaces[Int(node)]
    let half = tree.halves[Int(node)]
    let isNumber = tree.isBeforeNumber[Int(node)]
    var result = isNumber ? [] : withoutPrefixes(begun, state, half)
    if half > 0 {
      // Inside a number a small and a negative one are enough.
      for digit in isNumber ? [0, 8, 15] : Array(UInt8(0)..<16) {
        let byte = (half - 1) << 4 | digit
        let reached = automaton.step(state, byte)
        if reached < 0 { continue }
        let next = begun << 8 | UInt128(byte)
        if automaton.isBoundary(reached) {
          result.append(.whole(next, length: 1))
        } else {
          let ending = 1 << 8 | UInt128(byte)
          if !isNumber { result += wholes(next, reached, ending, 1) }
          result.append(
            .near(
              NearbyInstructions(
                automaton, effects, after: next, reached, limit: 1, ending: ending,
                isInNumber: isNumber)))
        }
      }
    } else {
      if !isNumber { result += wholes(begun, state, 1, .max) }
      result.append(
        .near(
          NearbyInstructions(
            automaton, effects, after: begun, state, limit: nearLimit,
            isInNumber: node != InstructionTree.root
              && tree.isBeforeNumber[Int(tree.parents[Int(node)])])))
    }
    return result.reversed()
  }

  // MARK: Other examples' ends

  /// Examples that begin so but for the first bytes, as if those were prefixes.
  private func withoutPrefixes(_ begun: UInt128, _ state: Int32, _ half: UInt8) -> [Source] {
    guard machine.rules.instructionAlignment == 1 else { return [] }
    var result: [Source] = []
    for left in (0..<begun.byteCount).reversed() where left > 0 || half > 0 {
      let mask = UInt128(1) << UInt128(8 * left)
      let range = examples.beginning(with: begun & (mask - 1) | mask, half: half)
      let distance = Swift.max(1, range.count / Candidates.withoutPrefixLimit)
      for index in stride(from: range.lowerBound, to: range.upperBound, by: distance) {
        let bytes = Array(examples[index].bytes.dropFirst(left))
        guard !bytes.isEmpty, let whole = whole(begun, state, bytes) else { continue }
        result.append(.whole(whole, length: bytes.count))
      }
    }
    return result
  }

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

  /// The ends of other examples: after as many bytes, after fewer as if those so far were prefixes.
  ///
  /// - Parameters:
  ///   - ending: the bytes that were not asked for, as in `Position.begun`.
  ///   - limit: as many of each kind at most.
  private func wholes(_ begun: UInt128, _ state: Int32, _ ending: UInt128, _ limit: Int) -> [Source]
  {
    var result: [Source] = []
    let count = begun.byteCount
    let isFixed = machine.rules.instructionAlignment > 1
    for dropped in isFixed ? [count] : [count, 0, count - 1] {
      var left = limit
      for bytes in endings(after: dropped) where left > 0 {
        guard let whole = whole(begun, state, bytes) else { continue }
        result.append(.whole(whole, length: bytes.count + ending.byteCount))
        left -= 1
      }
    }
    return result
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
  var memory: Int { count * 64 }
}
