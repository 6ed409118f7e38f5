/// Where the candidates of a beginning come from, in the order in which they are tried.
///
/// There is one for every list that has not all its elements, which is nearly every one: what was not asked for yet is a
/// number.
struct CandidateSources {
  enum Source {
    /// Examples from one on, by a distance.
    case examples(Int32, end: Int32, by: Int32)
    /// The examples that begin so but for as many first bytes, as if those were prefixes.
    case withoutPrefix(left: Int32)
    case prefixed(Int32, end: Int32, by: Int32, left: Int32)
    /// An instruction that does nothing, as if all bytes were prefixes.
    case fill
    /// The lower halves of a byte, from one on.
    case halves(UInt8)
    /// The whole instruction with a lower half.
    case whole(Half)
    /// Ends of other examples after `dropped` bytes, from one on, so many at most.
    case endings(Half, dropped: Int32, next: Int32, left: Int32)
    /// Instructions near some bytes, from one of the next bytes on.
    case nearby(Half, next: Int32, limit: Int32, isInNumber: Bool)
  }

  /// The lower half of a byte after what was read; -1 where there is none.
  typealias Half = Int8

  /// Bytes that an instruction begins with.
  struct Beginning {
    /// As in `Position.begun`, and those of them that were not asked for.
    let begun: UInt128
    let ending: UInt128
    /// The automaton's state after them.
    let state: Int32
  }

  /// The sources of other instructions in their order.
  private enum Stage {
    /// Fifteen, with ever fewer bytes that are prefixes.
    static let withoutPrefix: UInt8 = 0
    static let endings: UInt8 = 15
    static let endingsOfAll: UInt8 = 16
    static let endingsAfterPrefixes: UInt8 = 17
    static let nearby: UInt8 = 18
    static let end: UInt8 = 19
  }

  static let endingLimit = 24
  static let withoutPrefixLimit = 6
  /// As many instructions near some bytes: more where the operation comes last in the bytes.
  private static let nearLimit: Int32 = 64
  private static let nearLimitOfWords: Int32 = 128
  static let none: Half = -1

  let node: Int32
  /// The stage that comes next.
  private var stage = Stage.end
  /// What comes before that, after those of `later`, of which the last comes first, and all that comes after `near`.
  private var source: Source?
  private var later: [Source] = []
  /// None or one.
  var near: [NearbyInstructions] = []
  /// Of what `near` was made.
  var nearHalf = CandidateSources.none
  var nearIsInNumber = false

  /// Some of the examples.
  init(examples range: Range<Int>, by distance: Int, of node: Int32) {
    self.node = node
    source = .examples(Int32(range.lowerBound), end: Int32(range.upperBound), by: Int32(distance))
  }

  /// Those that differ in a number only.
  init(near: NearbyInstructions) {
    node = InstructionTree.root
    self.near = [near]
  }

  /// All others that complete a node.
  init(others node: Int32) {
    self.node = node
    stage = Stage.withoutPrefix
  }

  /// None.
  init() { node = InstructionTree.root }

  /// Whether instructions near some bytes are being tried, which takes memory of its own.
  var isNear: Bool { !near.isEmpty }

  /// Says in few words, if it can, where the instructions near some bytes go on.
  mutating func compact() {
    guard let cursor = near.first?.cursor else { return }
    near = []
    push(
      .nearby(
        nearHalf, next: Int32(cursor.next), limit: Int32(cursor.left), isInNumber: nearIsInNumber))
  }

  // MARK: Stages

  mutating func push(_ new: Source) {
    if source == nil, later.isEmpty { source = new } else { later.append(new) }
  }

  mutating func pop(_ candidates: Candidates) -> Source? {
    if let last = later.popLast() { return last }
    if let source {
      self.source = nil
      return source
    }
    while stage < Stage.end {
      stage += 1
      if let found = source(of: stage - 1, candidates) { return found }
    }
    return nil
  }

  private func source(of stage: UInt8, _ candidates: Candidates) -> Source? {
    let tree = candidates.tree
    let half = tree.halves[Int(node)]
    let count = Int32(tree.begun[Int(node)].byteCount)
    let isNumber = tree.isBeforeNumber[Int(node)]
    let isFixed = candidates.isFixed
    func endings(after dropped: Int32) -> Source? {
      isNumber || half > 0
        ? nil : .endings(CandidateSources.none, dropped: dropped, next: 0, left: .max)
    }
    switch stage {
    case Stage.endings: return half > 0 ? .halves(0) : endings(after: count)
    case Stage.endingsOfAll: return isFixed ? nil : endings(after: 0)
    case Stage.endingsAfterPrefixes:
      return isFixed || count == 0 ? nil : endings(after: count - 1)
    case Stage.nearby:
      if half > 0 { return nil }
      return .nearby(
        CandidateSources.none, next: 0,
        limit: candidates.isLastByte(node)
          ? 256
          : isFixed ? CandidateSources.nearLimitOfWords : CandidateSources.nearLimit,
        isInNumber: node != InstructionTree.root
          && tree.isBeforeNumber[Int(tree.parents[Int(node)])])
    default:
      let left = count - 1 - Int32(stage - Stage.withoutPrefix)
      if isNumber || isFixed || left < 0 { return nil }
      return left == 0 && half == 0 ? .fill : .withoutPrefix(left: left)
    }
  }

  func beginning(_ half: Half, _ candidates: Candidates) -> Beginning {
    let tree = candidates.tree
    let (begun, state) = (tree.begun[Int(node)], tree.wholePlaces[Int(node)])
    if half < 0 { return Beginning(begun: begun, ending: 1, state: state) }
    let byte = (tree.halves[Int(node)] - 1) << 4 | UInt8(half)
    return Beginning(
      begun: begun << 8 | UInt128(byte), ending: 1 << 8 | UInt128(byte),
      state: candidates.automaton.step(state, byte))
  }

  /// The bytes that one takes, about.
  static let memory = MemoryLayout<CandidateSources>.stride
  /// The same of instructions near some bytes.
  static let nearMemory = 600
}
