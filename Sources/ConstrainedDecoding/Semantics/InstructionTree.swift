/// The beginnings of instructions that were met, by half bytes, and the effects of those that were
/// completed; nothing in it depends on the machine's state.
///
/// A class because it grows; it is used under the lock of `CompiledDecoder`.
final class InstructionTree {
  /// Where half a byte leads: a node, or one of these, or an instruction from `firstInstruction` down.
  static let dead: Int32 = -1
  private static let unknown: Int32 = -2
  private static let firstInstruction: Int32 = -3
  /// Before the first byte.
  static let root: Int32 = 0

  private let automaton: CodeAutomaton
  private let effects: EffectCache
  @exclusivity(unchecked) private var steps: [Int32] = []
  /// By node: the automaton's state, and that before a byte of which only a half was read.
  @exclusivity(unchecked) private var places: [Int32] = []
  @exclusivity(unchecked) private(set) var wholePlaces: [Int32] = []
  /// By node: the whole bytes, as in `Position.begun`, and one plus the half byte after them or zero.
  @exclusivity(unchecked) private(set) var begun: [UInt128] = []
  @exclusivity(unchecked) private(set) var halves: [UInt8] = []
  /// By node: that of the whole bytes before the last byte, of which a half may have been read; -1 for the root.
  @exclusivity(unchecked) private(set) var parents: [Int32] = []
  /// By node: whether the next byte only changes a number, as in `EffectCache`; a half does not count.
  @exclusivity(unchecked) private(set) var isBeforeNumber: [Bool] = []
  /// By node: whether the next byte is one of an immediate of which `NumberByte` says all that counts.
  @exclusivity(unchecked) private(set) var isFreeNumber: [Bool] = []
  /// By instruction: the number of its effect, and where it leads in the automaton.
  @exclusivity(unchecked) private(set) var effectNumbers: [Int32] = []
  @exclusivity(unchecked) private(set) var ends: [Int32] = []

  init(_ automaton: CodeAutomaton, _ effects: EffectCache) {
    self.automaton = automaton
    self.effects = effects
    removeAll()
  }

  /// Forgets everything: nodes then have other numbers.
  func removeAll() {
    steps.removeAll()
    places.removeAll()
    wholePlaces.removeAll()
    begun.removeAll()
    halves.removeAll()
    parents.removeAll()
    isBeforeNumber.removeAll()
    isFreeNumber.removeAll()
    effectNumbers.removeAll()
    ends.removeAll()
    _ = add(CodeAutomaton.open, CodeAutomaton.open, 1, 0, parent: -1)
  }

  /// The instruction that a target stands for; nil if it is a node.
  @inline(__always)
  static func instruction(_ target: Int32) -> Int? {
    target <= firstInstruction ? Int(firstInstruction - target) : nil
  }

  /// Where half a byte leads.
  @inline(__always)
  func step(_ node: Int32, half: UInt8) -> Int32 {
    let known = steps[Int(node) << 4 | Int(half)]
    return known == InstructionTree.unknown ? make(node, half) : known
  }

  /// Where whole bytes lead that begin an instruction, and half a byte (one more than it, or zero) after them.
  func node(_ begun: UInt128, half: UInt8) -> Int32 {
    var node = InstructionTree.root
    for byte in begun.bytes { node = step(step(node, half: byte >> 4), half: byte & 15) }
    return half == 0 ? node : step(node, half: half - 1)
  }

  /// The node before the last half byte.
  func node(before node: Int32) -> Int32 {
    let whole = parents[Int(node)]
    return halves[Int(node)] > 0 ? whole : step(whole, half: UInt8(begun[Int(node)] >> 4 & 15))
  }

  /// Whether every half byte with which an instruction goes on ends it, and none only changes a number.
  func isBeforeLastHalf(_ node: Int32) -> Bool {
    guard halves[Int(node)] > 0, !isBeforeNumber[Int(node)] else { return false }
    return (UInt8(0)..<16).allSatisfy {
      let reached = automaton.step(places[Int(node)], half: $0)
      return reached < 0 || automaton.isBoundary(reached)
    }
  }

  /// Where half a byte leads that need not be told from another one; nil if it has to be.
  private func likeOther(_ node: Int32, _ half: UInt8) -> Int32? {
    let from = Int(node)
    if halves[from] == 0 {
      guard isFreeNumber[from] else { return nil }
      let other = NumberByte.upper(like: half)
      return other == half ? nil : step(node, half: other)
    }
    let before = parents[from]
    guard isFreeNumber[Int(before)] else { return nil }
    let byte = (halves[from] - 1) << 4 | half
    let other = NumberByte.byte(like: byte)
    return other == byte ? nil : step(step(before, half: other >> 4), half: other & 15)
  }

  private func make(_ node: Int32, _ half: UInt8) -> Int32 {
    let from = Int(node)
    if let target = likeOther(node, half) {
      steps[from << 4 | Int(half)] = target
      return target
    }
    let place = automaton.step(places[from], half: half)
    let target: Int32
    if place < 0 {
      target = InstructionTree.dead
    } else if halves[from] == 0 {
      target = add(place, wholePlaces[from], begun[from], half + 1, parent: node)
    } else {
      let bytes = begun[from] << 8 | UInt128((halves[from] - 1) << 4 | half)
      if automaton.isBoundary(place) {
        target = InstructionTree.firstInstruction - Int32(effectNumbers.count)
        effectNumbers.append(effects.number(of: bytes))
        ends.append(place)
      } else {
        target = add(place, place, bytes, 0, parent: parents[from])
      }
    }
    steps[from << 4 | Int(half)] = target
    return target
  }

  private func add(
    _ place: Int32, _ whole: Int32, _ bytes: UInt128, _ half: UInt8, parent: Int32
  ) -> Int32 {
    for _ in 0..<16 { steps.append(InstructionTree.unknown) }
    places.append(place)
    wholePlaces.append(whole)
    begun.append(bytes)
    halves.append(half)
    parents.append(parent)
    let isNumber =
      half > 0
      ? isBeforeNumber[Int(parent)]
      : automaton.isFree(whole)
        && effects.isNumber(after: bytes, isInNumber: parent >= 0 && isBeforeNumber[Int(parent)])
    isBeforeNumber.append(isNumber)
    isFreeNumber.append(
      isNumber && half == 0
        && (isFreeNumber[Int(parent)] || effects.isFreeImmediate(after: bytes)))
    return Int32(places.count - 1)
  }

  /// The bytes that it takes.
  var memory: Int { places.count * 95 + effectNumbers.count * 8 }
}

/// A byte of an immediate by what counts of it: whether all its bits are the same, whether it is one, and its sign.
enum NumberByte {
  private static let positive: UInt8 = 0x12
  private static let negative: UInt8 = 0x80

  /// The byte that stands for those like one.
  static func byte(like byte: UInt8) -> UInt8 {
    switch byte {
    case 0, 1, 0xFF: byte
    case 2..<0x80: positive
    default: negative
    }
  }

  /// The upper half that stands for those of which the lower halves lead to the same.
  static func upper(like half: UInt8) -> UInt8 {
    switch half {
    case 1..<8: positive >> 4
    case 8..<15: negative >> 4
    default: half
    }
  }
}
