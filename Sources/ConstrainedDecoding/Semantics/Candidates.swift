/// Instructions that are tried to complete others: the examples that begin as wanted, then the ends of other examples
/// and instructions next in order. Which they are does not depend on the machine's state; each is made when it is first
/// asked for, and kept only if it may stand where none before it may.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class Candidates {
  private static let goodLimit = 1024
  /// As many examples are tried.
  private static let exampleLimit = 64

  let automaton: CodeAutomaton
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
  let tree: InstructionTree
  @exclusivity(unchecked) private var lists = CandidateLists()
  /// By node: the list of its examples.
  @exclusivity(unchecked) private var listNumbers: [Int32] = []
  /// Where the other elements of lists come from of which some were made, and those of them that are free.
  @exclusivity(unchecked) private var sources: [CandidateSources] = []
  @exclusivity(unchecked) private var freeSources: [Int32] = []
  /// How many of them try instructions near some bytes.
  @exclusivity(unchecked) private var nearCount = 0
  /// Whether what was not asked for is said in few words; false to compare with.
  private let isCompact: Bool
  /// Whether all instructions are as long.
  let isFixed: Bool
  private lazy var goodExamples = findGoodExamples()
  @exclusivity(unchecked) private var knownEndings: [Int: [[UInt8]]] = [:]
  /// The effects of the examples by number; -1 where it was not asked for.
  @exclusivity(unchecked) private var exampleEffects: [Int32] = []

  init(
    _ automaton: CodeAutomaton, _ machine: SemanticMachine, _ effects: EffectCache,
    _ examples: ExampleInstructions, _ tree: InstructionTree, isCompact: Bool = true
  ) {
    self.isCompact = isCompact
    self.automaton = automaton
    self.machine = machine
    self.effects = effects
    self.examples = examples
    self.tree = tree
    isFixed = effects.isFixed
  }

  /// Forgets everything that has numbers in it.
  func removeAll() {
    lists.removeAll()
    listNumbers.removeAll()
    sources.removeAll()
    freeSources.removeAll()
    nearCount = 0
    exampleEffects.removeAll()
  }

  // MARK: Lists

  /// The list of the examples that begin like a node.
  func examples(of node: Int32) -> Int32 {
    while listNumbers.count <= Int(node) { listNumbers.append(CandidateLists.none) }
    if listNumbers[Int(node)] == CandidateLists.none {
      let list = lists.add(of: node, after: CandidateLists.none)
      listNumbers[Int(node)] = list
      if range(of: node).isEmpty { lists.close(list) }
    }
    return listNumbers[Int(node)]
  }

  /// The list of other instructions that begin like a node, to be tried after the examples.
  func others(of node: Int32) -> Int32 {
    let own = examples(of: node)
    let known = lists.later(than: own)
    if known != CandidateLists.none { return known }
    let number = lists.add(of: node, after: own)
    lists.setLater(number, than: own)
    return number
  }

  /// Whether the last byte of an instruction comes next, and is no number: then all instructions can be tried.
  func isLastByte(_ node: Int32) -> Bool {
    let place = Int(node)
    if isFixed { return tree.begun[place].byteCount == machine.rules.instructionAlignment - 1 }
    return tree.halves[place] == 0 && !tree.isBeforeNumber[place]
      && NearbyInstructions.spread.prefix(8).allSatisfy {
        let reached = automaton.step(tree.wholePlaces[place], $0)
        return reached >= 0 && automaton.isBoundary(reached)
      }
  }

  private func range(of node: Int32) -> Range<Int> {
    examples.beginning(with: tree.begun[Int(node)], half: tree.halves[Int(node)])
  }

  subscript(element: Int32) -> CandidateLists.Element { lists[element] }

  /// The element after one, the first after `CandidateLists.none`, which it is where there is no other.
  func element(after element: Int32, of list: Int32) -> Int32 {
    let known = lists.element(after: element, of: list)
    if known != CandidateLists.none || lists.isWhole(list) { return known }
    let number = lists.source(of: list)
    var source = CandidateSources()
    if number == CandidateLists.none {
      source = begin(list)
    } else {
      // Taken out, since others are added meanwhile.
      swap(&source, &sources[Int(number)])
      if source.isNear { nearCount -= 1 }
    }
    let next = next(from: &source, list)
    keep(next == nil ? nil : source, number, list)
    return next.map { lists.append($0, to: list) } ?? CandidateLists.none
  }

  /// Keeps where a list's other elements come from, at a number if there is one; nil closes it.
  private func keep(_ source: CandidateSources?, _ number: Int32, _ list: Int32) {
    guard var source else {
      lists.close(list)
      if number != CandidateLists.none { freeSources.append(number) }
      return
    }
    if isCompact { source.compact() }
    if source.isNear { nearCount += 1 }
    var place = number
    if place == CandidateLists.none {
      place = freeSources.popLast() ?? Int32(sources.count)
      if Int(place) == sources.count { sources.append(CandidateSources()) }
      lists.setSource(place, of: list)
    }
    sources[Int(place)] = source
  }

  private func begin(_ list: Int32) -> CandidateSources {
    let node = lists.node(of: list)
    if lists.earlier(than: list) != CandidateLists.none { return CandidateSources(others: node) }
    let range = range(of: node)
    return CandidateSources(
      examples: range, by: Swift.max(1, range.count / Candidates.exampleLimit), of: node)
  }

  /// The next element that is worth a try; nil if there is none.
  private func next(
    from source: inout CandidateSources, _ list: Int32
  ) -> CandidateLists.Element? {
    while let found = source.next(self) {
      switch found {
      case .instruction(let bytes, let effect):
        if isWorthwhile(effect, list) {
          return CandidateLists.Element(bytes, effect: effects.number(of: effect))
        }
      case .otherNumbers(let others, let effect):
        guard dependsOnNumbers(effect, list) else { continue }
        let numbers = lists.add(of: lists.node(of: list), after: list)
        keep(CandidateSources(near: others), CandidateLists.none, numbers)
        return CandidateLists.Element(numbers: numbers, like: effects.number(of: effect))
      }
    }
    return nil
  }

  // MARK: Which are worth a try

  /// Whether an instruction may stand where none of a list and of those tried before may.
  private func isWorthwhile(_ effect: EffectCache.Numbered, _ list: Int32) -> Bool {
    let new = described(effect)
    if machine.isNeverLegal(new) { return false }
    var list = list
    while list != CandidateLists.none {
      var element = lists.element(after: CandidateLists.none, of: list)
      while element != CandidateLists.none {
        let found = lists[element]
        let old = effects.effects[found.effect]
        if found.numbers == CandidateLists.none,
          old == effect || machine.replaces(described(old), new)
        {
          return false
        }
        element = lists.element(after: element, of: list)
      }
      list = lists.earlier(than: list)
    }
    return true
  }

  /// Whether the last instruction of a list, if it is this one, may stand elsewhere with other numbers.
  private func dependsOnNumbers(_ effect: EffectCache.Numbered, _ list: Int32) -> Bool {
    lists.last(of: list).map { effects.effects[lists[$0].effect] == effect } ?? false
      && !machine.replaces(described(effect), described(effect))
  }

  private func described(_ effect: EffectCache.Numbered) -> SemanticMachine.Described {
    SemanticMachine.Described(effects.template(of: effect), effect)
  }

  // MARK: Examples

  /// What an example does.
  func effect(ofExample index: Int) -> EffectCache.Numbered {
    if exampleEffects.isEmpty { exampleEffects = [Int32](repeating: -1, count: examples.count) }
    if exampleEffects[index] < 0 { exampleEffects[index] = effects.number(of: examples[index]) }
    return effects.effects[exampleEffects[index]]
  }

  /// Examples that may stand at the start, from all of them evenly.
  private func findGoodExamples() -> [UInt128] {
    guard let start = machine.start else { return [] }
    let distance = Swift.max(1, examples.count / Candidates.goodLimit)
    return stride(from: 0, to: examples.count, by: distance).map { examples[$0] }.filter {
      if case .legal = machine.step(start, effects.effect(of: $0)) { true } else { false }
    }
  }

  /// What good examples have after their first `count` bytes, the shortest first.
  func endings(after count: Int) -> [[UInt8]] {
    if let known = knownEndings[count] { return known }
    let all = Set(goodExamples.map { Array($0.bytes.dropFirst(count)) }).subtracting([[]])
      .sorted { $0.count < $1.count || $0.count == $1.count && $0.lexicographicallyPrecedes($1) }
    let distance = Swift.max(1, all.count / CandidateSources.endingLimit)
    let result = stride(from: 0, to: all.count, by: distance).map { all[$0] }
    knownEndings[count] = result
    return result
  }

  /// The instruction that some bytes complete; nil if they do not.
  func whole(_ begun: UInt128, _ state: Int32, _ bytes: [UInt8]) -> UInt128? {
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

  /// The instruction that the rest of it completes, as in `Position.plan`, from a node on, of which a half byte is in
  /// that rest too; nil if it does not.
  func whole(_ node: Int32, _ rest: UInt128) -> UInt128? {
    var (state, begun, rest) = (tree.wholePlaces[Int(node)], tree.begun[Int(node)], rest)
    while rest > 1 {
      let byte = UInt8(truncatingIfNeeded: rest)
      rest >>= 8
      state = automaton.step(state, byte)
      guard state >= 0, automaton.isBoundary(state) == (rest == 1) else { return nil }
      begun = begun << 8 | UInt128(byte)
    }
    return automaton.isBoundary(state) ? begun : nil
  }

  /// The bytes that the tables take, about.
  var memory: Int {
    lists.memory + listNumbers.count * 4 + sources.count * CandidateSources.memory
      + nearCount * CandidateSources.nearMemory
  }
}
