/// Instructions that are tried to complete others: the examples that begin as wanted, and where those are few
/// instructions like those that complete the beginning before it, the ends of other examples and instructions next in
/// order. Which they are does not depend on the machine's state; each is made when it is first asked for, and kept only
/// if it may stand where none before it may.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class Candidates {
  private static let goodLimit = 1024
  /// As many examples are tried.
  private static let exampleLimit = 64
  /// So many examples of a beginning stand for all instructions that begin so.
  private static let enoughExamples = 6

  let automaton: CodeAutomaton
  let machine: SemanticMachine
  let effects: EffectCache
  let examples: ExampleInstructions
  let tree: InstructionTree
  private var lists = CandidateLists()
  /// By node: the list of its examples.
  private var listNumbers: [Int32] = []
  /// Where the other elements of lists come from of which some were made.
  private var sources: [Int32: CandidateSources] = [:]
  private lazy var goodExamples = findGoodExamples()
  private var knownEndings: [Int: [[UInt8]]] = [:]
  /// The effects of the examples by number; -1 where it was not asked for.
  private var exampleEffects: [Int32]

  init(
    _ automaton: CodeAutomaton, _ machine: SemanticMachine, _ effects: EffectCache,
    _ examples: ExampleInstructions, _ tree: InstructionTree
  ) {
    self.automaton = automaton
    self.machine = machine
    self.effects = effects
    self.examples = examples
    self.tree = tree
    exampleEffects = [Int32](repeating: -1, count: examples.count)
  }

  /// Forgets everything that has numbers in it.
  func removeAll() {
    lists.removeAll()
    listNumbers.removeAll()
    sources.removeAll()
    exampleEffects = [Int32](repeating: -1, count: examples.count)
  }

  // MARK: Lists

  /// The list of the examples that begin like a node.
  func examples(of node: Int32) -> Int32 {
    while listNumbers.count <= Int(node) { listNumbers.append(CandidateLists.none) }
    if listNumbers[Int(node)] == CandidateLists.none {
      listNumbers[Int(node)] = lists.add(of: node, after: CandidateLists.none)
    }
    return listNumbers[Int(node)]
  }

  /// The list of other instructions that begin like a node, to be tried after the examples; nil where those are
  /// enough.
  func others(of node: Int32) -> Int32? {
    let own = examples(of: node)
    let known = lists.later(than: own)
    if known != CandidateLists.none { return known }
    if range(of: node).count >= Candidates.enoughExamples { return nil }
    let number = lists.add(of: node, after: own)
    lists.setLater(number, than: own)
    return number
  }

  private func range(of node: Int32) -> Range<Int> {
    examples.beginning(with: tree.begun[Int(node)], half: tree.halves[Int(node)])
  }

  subscript(element: Int32) -> CandidateLists.Element { lists[element] }

  /// The element after one, the first after `CandidateLists.none`, which it is where there is no other.
  func element(after element: Int32, of list: Int32) -> Int32 {
    let known = lists.element(after: element, of: list)
    if known != CandidateLists.none || lists.isWhole(list) { return known }
    let source = sources[list] ?? begin(list)
    if let next = next(from: source, list) { return lists.append(next, to: list) }
    sources[list] = nil
    lists.close(list)
    return CandidateLists.none
  }

  private func begin(_ list: Int32) -> CandidateSources {
    let node = lists.node(of: list)
    let result: CandidateSources
    if lists.earlier(than: list) != CandidateLists.none {
      result = CandidateSources(others: node, self)
    } else {
      let range = range(of: node)
      result = CandidateSources(
        examples: range, by: Swift.max(1, range.count / Candidates.exampleLimit), of: node)
    }
    sources[list] = result
    return result
  }

  /// The next element that is worth a try; nil if there is none.
  private func next(
    from source: CandidateSources, _ list: Int32
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
        sources[numbers] = CandidateSources(near: others)
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
        let old = effects.effects[Int(found.effect)]
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
    lists.last(of: list).map { effects.effects[Int(lists[$0].effect)] == effect } ?? false
      && !machine.replaces(described(effect), described(effect))
  }

  private func described(_ effect: EffectCache.Numbered) -> SemanticMachine.Described {
    SemanticMachine.Described(effects.template(of: effect), effect, machine.rules.parts)
  }

  // MARK: Examples

  /// What an example does.
  func effect(ofExample index: Int) -> EffectCache.Numbered {
    if exampleEffects[index] < 0 { exampleEffects[index] = effects.number(of: examples[index]) }
    return effects.effects[Int(exampleEffects[index])]
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

  /// The bytes that the tables take, about.
  var memory: Int {
    lists.memory + listNumbers.count * 4 + sources.count * CandidateSources.memory
  }
}
