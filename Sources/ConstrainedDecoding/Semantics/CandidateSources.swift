/// Where the candidates of a beginning come from, in the order in which they are tried.
///
/// What was not asked for yet is said in few words, since most of it never is. A class because it goes on where it
/// stopped.
final class CandidateSources {
  private enum Source {
    /// Examples from one on, by a distance.
    case examples(Int32, end: Int32, by: Int32)
    /// Those of the beginning before with the last byte, or half byte, of this one.
    case likeBefore(list: Int32, element: Int32, left: Int32)
    /// The examples that begin so but for as many first bytes, as if those were prefixes.
    case withoutPrefix(left: Int32)
    case prefixed(Int32, end: Int32, by: Int32, left: Int32)
    /// The lower halves of a byte, from one on.
    case halves(UInt8)
    /// Whole instructions of one byte more.
    case whole(UInt128, length: Int32)
    /// Ends of other examples after `dropped` bytes, from one on, so many at most.
    case endings(Beginning, dropped: Int32, next: Int32, left: Int32)
    case nearby(Beginning, limit: Int32, isInNumber: Bool)
  }

  /// Bytes that an instruction begins with.
  private struct Beginning {
    /// As in `Position.begun`, and those of them that were not asked for.
    let begun: UInt128
    let ending: UInt128
    /// The automaton's state after them.
    let state: Int32
  }

  static let endingLimit = 24
  private static let withoutPrefixLimit = 6
  /// As many instructions near some bytes: more where the operation comes last in the bytes.
  private static let nearLimit: Int32 = 64
  private static let nearLimitOfWords: Int32 = 128
  /// As many candidates of the beginning before.
  private static let likeBeforeLimit: Int32 = 4

  private let node: Int32
  /// The next one last, after those of `near`.
  private var sources: [Source] = []
  private var near: NearbyInstructions?

  /// Some of the examples.
  init(examples range: Range<Int>, by distance: Int, of node: Int32) {
    self.node = node
    sources = [
      .examples(Int32(range.lowerBound), end: Int32(range.upperBound), by: Int32(distance))
    ]
  }

  /// Those that differ in a number only.
  init(near: NearbyInstructions) {
    node = InstructionTree.root
    self.near = near
  }

  /// All others that complete a node.
  init(others node: Int32, _ candidates: Candidates) {
    self.node = node
    let tree = candidates.tree
    let begun = tree.begun[Int(node)]
    let half = tree.halves[Int(node)]
    let isNumber = tree.isBeforeNumber[Int(node)]
    let isFixed = candidates.machine.rules.instructionAlignment > 1
    var order: [Source] = []
    if node != InstructionTree.root {
      let parent = tree.parents[Int(node)]
      order = [candidates.examples(of: parent), candidates.others(of: parent)].compactMap(\.self)
        .map {
          .likeBefore(
            list: $0, element: CandidateLists.none, left: CandidateSources.likeBeforeLimit)
        }
    }
    if !isNumber, !isFixed {
      for left in (0..<begun.byteCount).reversed() where left > 0 || half > 0 {
        order.append(.withoutPrefix(left: Int32(left)))
      }
    }
    if half > 0 {
      order.append(.halves(0))
    } else {
      let beginning = Beginning(begun: begun, ending: 1, state: tree.wholePlaces[Int(node)])
      if !isNumber { order += CandidateSources.endings(beginning, isFixed, limit: .max) }
      order.append(
        .nearby(
          beginning,
          limit: isFixed ? CandidateSources.nearLimitOfWords : CandidateSources.nearLimit,
          isInNumber: node != InstructionTree.root
            && tree.isBeforeNumber[Int(tree.parents[Int(node)])]))
    }
    sources = order.reversed()
  }

  /// The ends of other examples: after as many bytes, after fewer as if those so far were prefixes.
  private static func endings(
    _ beginning: Beginning, _ isFixed: Bool, limit: Int32
  ) -> [Source] {
    let count = Int32(beginning.begun.byteCount)
    return (isFixed ? [count] : [count, 0, count - 1]).map {
      .endings(beginning, dropped: $0, next: 0, left: limit)
    }
  }

  // MARK: One after the other

  /// The next one; nil if there is none left.
  func next(_ candidates: Candidates) -> NearbyInstructions.Element? {
    if let found = near?.next() { return found }
    near = nil
    while let source = sources.popLast() {
      switch source {
      case .examples(let index, let end, let distance):
        guard index < end else { continue }
        sources.append(.examples(index + distance, end: end, by: distance))
        let begun = candidates.examples[Int(index)]
        let length = begun.byteCount - candidates.tree.begun[Int(node)].byteCount
        return .instruction(
          begun.plan(ofLast: length), candidates.effect(ofExample: Int(index)))
      case .likeBefore(let list, let element, let left):
        guard left > 0 else { continue }
        let next = candidates.element(after: element, of: list)
        if next == CandidateLists.none { continue }
        sources.append(.likeBefore(list: list, element: next, left: left - 1))
        if let found = like(candidates[next], candidates) { return found }
      case .withoutPrefix(let left): addExamples(withoutPrefix: left, candidates)
      case .prefixed(let index, let end, let distance, let left):
        guard index < end else { continue }
        sources.append(.prefixed(index + distance, end: end, by: distance, left: left))
        let bytes = Array(candidates.examples[Int(index)].bytes.dropFirst(Int(left)))
        if let found = completed(beginning(candidates), bytes, candidates) { return found }
      case .halves(let half): addHalf(half, candidates)
      case .whole(let begun, let length):
        return .instruction(
          begun.plan(ofLast: Int(length)), candidates.effects.numbered(begun))
      case .endings(let beginning, let dropped, let next, let left):
        let all = candidates.endings(after: Int(dropped))
        guard left > 0, next < all.count else { continue }
        let found = completed(beginning, all[Int(next)], candidates)
        sources.append(
          .endings(
            beginning, dropped: dropped, next: next + 1, left: found == nil ? left : left - 1))
        if let found { return found }
      case .nearby(let beginning, let limit, let isInNumber):
        near = NearbyInstructions(
          candidates.automaton, candidates.effects, after: beginning.begun, beginning.state,
          limit: Int(limit), ending: beginning.ending, isInNumber: isInNumber)
        return next(candidates)
      }
    }
    return nil
  }

  private func beginning(_ candidates: Candidates) -> Beginning {
    let tree = candidates.tree
    return Beginning(
      begun: tree.begun[Int(node)], ending: 1, state: tree.wholePlaces[Int(node)])
  }

  /// The instruction that some bytes complete, with those not asked for before them; nil if they do not.
  private func completed(
    _ beginning: Beginning, _ bytes: [UInt8], _ candidates: Candidates
  ) -> NearbyInstructions.Element? {
    guard !bytes.isEmpty,
      let whole = candidates.whole(beginning.begun, beginning.state, bytes)
    else { return nil }
    let length = bytes.count + beginning.ending.byteCount
    return .instruction(whole.plan(ofLast: length), candidates.effects.numbered(whole))
  }

  /// A candidate of the beginning before, with what this one has after that.
  private func like(
    _ element: CandidateLists.Element, _ candidates: Candidates
  ) -> NearbyInstructions.Element? {
    guard element.numbers == CandidateLists.none else { return nil }
    var bytes = element.bytes.rest
    let half = candidates.tree.halves[Int(node)]
    if half > 0 {
      bytes[0] = (half - 1) << 4 | bytes[0] & 15
    } else {
      bytes.removeFirst()
    }
    return completed(beginning(candidates), bytes, candidates)
  }

  private func addExamples(withoutPrefix left: Int32, _ candidates: Candidates) {
    let mask = UInt128(1) << UInt128(8 * left)
    let tree = candidates.tree
    let begun = tree.begun[Int(node)]
    let range = candidates.examples.beginning(
      with: begun & (mask - 1) | mask, half: tree.halves[Int(node)])
    let distance = Swift.max(1, range.count / CandidateSources.withoutPrefixLimit)
    sources.append(
      .prefixed(
        Int32(range.lowerBound), end: Int32(range.upperBound), by: Int32(distance), left: left))
  }

  /// The instructions with a lower half of the byte that was begun; inside a number a small and a negative one are
  /// enough.
  private func addHalf(_ half: UInt8, _ candidates: Candidates) {
    guard half < 16 else { return }
    let tree = candidates.tree
    let isNumber = tree.isBeforeNumber[Int(node)]
    sources.append(.halves(half + (isNumber ? half == 8 ? 7 : 8 : 1)))
    let byte = (tree.halves[Int(node)] - 1) << 4 | half
    let reached = candidates.automaton.step(tree.wholePlaces[Int(node)], byte)
    if reached < 0 { return }
    let next = tree.begun[Int(node)] << 8 | UInt128(byte)
    if candidates.automaton.isBoundary(reached) {
      sources.append(.whole(next, length: 1))
      return
    }
    let beginning = Beginning(begun: next, ending: 1 << 8 | UInt128(byte), state: reached)
    sources.append(.nearby(beginning, limit: 1, isInNumber: isNumber))
    if isNumber { return }
    let isFixed = candidates.machine.rules.instructionAlignment > 1
    sources += CandidateSources.endings(beginning, isFixed, limit: 1).reversed()
  }

  /// The bytes that one takes, about.
  static let memory = 64 + 4 * MemoryLayout<Source>.stride
}

extension UInt128 {
  /// The bytes of a plan, as in `Position.plan`, the next one first.
  fileprivate var rest: [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: self >> UInt128(8 * $0)) }
  }
}
