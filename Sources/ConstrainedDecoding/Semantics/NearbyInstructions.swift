/// Instructions that begin with some bytes, in an order that brings different operations early, each
/// made when it is asked for.
struct NearbyInstructions {
  /// Where all instructions begin with the same bytes.
  private struct Branch {
    /// The bytes, and those of them that were not asked for, as in `Position.begun`.
    let begun: UInt128
    let ending: UInt128
    /// The automaton's state after them.
    let state: Int32
    /// Whether the next byte only changes a number.
    let isNumber: Bool
    /// What the next byte may be.
    let bytes: [UInt8]
    var next = 0
    /// How many bytes led somewhere.
    var count = 0
    /// The effects of the last instruction by each byte, of a number only.
    var reached: [EffectCache.Numbered] = []
    var lastTemplate: Int32?

    var isFinished: Bool { next == bytes.count }
  }

  /// Bytes by their bits in reverse, so that different operations come early.
  static let spread: [UInt8] = (UInt8(0)...255).map { byte in
    var result: UInt8 = 0
    for bit in UInt8(0)..<8 where byte >> bit & 1 == 1 { result |= 0x80 >> bit }
    return result
  }

  /// The same after the ModRM bytes of x86-64 that name each register besides the first one, in either place, or twice:
  /// some of them may have a value.
  private static let registersFirst: [UInt8] = {
    let numbers = UInt8(0)..<8
    let pairs = numbers.map { $0 } + numbers.dropFirst().flatMap { [$0 << 3, $0 << 3 | $0] }
    let registers = pairs.map { 0xC0 | $0 }
    return registers + spread.filter { !registers.contains($0) }
  }()

  /// Bytes in the order in which they are tried.
  private static func order(isFixed: Bool) -> [UInt8] { isFixed ? spread : registersFirst }

  /// The lowest bytes of displacements and immediates that are tried: small ones, and those that places
  /// on the stack have.
  private static let numbers: [UInt8] =
    [0, 8, 0xF8, 4, 0xFC, 16, 0xF0, 12, 0xF4, 24, 0xE8, 32, 0xE0, 1, 2, 3, 5, 6, 7, 40, 0xD8, 0x7F]
  /// As many of them where each is an operation of its own.
  private static let fewNumbers = 3
  /// As many show whether others are worth a try.
  private static let firstNumbers = 2

  enum Element {
    /// The rest of its bytes, as in `Position.plan`, and what it does.
    case instruction(UInt128, EffectCache.Numbered)
    /// The others that differ in a number only from one with an effect.
    case otherNumbers(NearbyInstructions, like: EffectCache.Numbered)
  }

  private let automaton: CodeAutomaton
  private let effects: EffectCache
  private var path: [Branch] = []
  /// As many more instructions; the displacements of one count as one.
  private var left: Int
  /// Whether numbers are left to others after the first.
  private var leavesNumbers = true
  /// The effect of the last instruction that was made in the branch that ended last.
  private var last: EffectCache.Numbered?

  /// - Parameters:
  ///   - limit: as many instructions at most, or all that differ in the next byte where that is a number.
  ///   - ending: the bytes that were not asked for, as in `Position.begun`.
  ///   - isInNumber: whether the last byte was one of a displacement or an immediate, which goes on with
  ///     its sign.
  init(
    _ automaton: CodeAutomaton, _ effects: EffectCache, after begun: UInt128, _ state: Int32,
    limit: Int, ending: UInt128 = 1, isInNumber: Bool
  ) {
    self.automaton = automaton
    self.effects = effects
    left = limit
    enter(begun, state, ending, isInNumber: isInNumber)
    if path[0].isNumber, ending == 1 { left = NearbyInstructions.numbers.count }
  }

  /// Where it goes on, if it is at a byte of the first branch that is no number: the place of that byte, and how many
  /// more instructions.
  var cursor: (next: Int, left: Int)? {
    path.count == 1 && !path[0].isNumber && leavesNumbers ? (path[0].next, left) : nil
  }

  /// Goes on at a byte of the first branch.
  mutating func skip(to next: Int) { path[0].next = next }

  private mutating func enter(
    _ begun: UInt128, _ state: Int32, _ ending: UInt128, isInNumber: Bool
  ) {
    let isNumber =
      automaton.isFree(state) && effects.isNumber(after: begun, isInNumber: isInNumber)
    let bytes =
      !isNumber
      ? NearbyInstructions.order(isFixed: effects.isFixed)
      : !isInNumber ? NearbyInstructions.numbers : NearbyInstructions.rest(after: begun)
    path.append(
      Branch(begun: begun, ending: ending, state: state, isNumber: isNumber, bytes: bytes))
  }

  /// What follows the bytes of a number that was begun: its sign, or the other one.
  private static func rest(after begun: UInt128) -> [UInt8] {
    switch begun & 0xFF {
    case 0: [0]
    case 1..<0x80: [0, 0xFF]
    default: [0xFF, 0]
    }
  }

  /// The next ones; nil if there is none left.
  mutating func next() -> Element? {
    while let top = path.indices.last {
      if leavesNumbers, path[top].isNumber, !path[top].isFinished,
        path[top].count == NearbyInstructions.firstNumbers
      {
        let others = leaveNumbers()
        if let last { return .otherNumbers(others, like: last) }
        continue
      }
      guard !path[top].isFinished, left > 0 else {
        path.removeLast()
        if top > 0 { note(last, top - 1) }
        continue
      }
      let byte = path[top].bytes[path[top].next]
      path[top].next += 1
      let reached = automaton.step(path[top].state, byte)
      if reached < 0 { continue }
      let begun = path[top].begun << 8 | UInt128(byte)
      let ending = path[top].ending << 8 | UInt128(byte)
      guard automaton.isBoundary(reached) else {
        enter(begun, reached, ending, isInNumber: path[top].isNumber)
        last = nil
        continue
      }
      let effect = effects.numbered(begun)
      if !path[top].isNumber || path[top].count == 0 { left -= 1 }
      last = effect
      note(effect, top)
      return .instruction(ending.plan(ofLast: ending.byteCount), effect)
    }
    return nil
  }

  /// Goes on after the numbers at hand, which are left to another.
  private mutating func leaveNumbers() -> NearbyInstructions {
    var others = self
    others.path = [path[path.count - 1]]
    others.leavesNumbers = false
    others.left = NearbyInstructions.numbers.count
    path[path.count - 1].next = path[path.count - 1].bytes.count
    return others
  }

  /// Notes what a byte of a branch led to. A number that changes nothing need not be another one; of
  /// immediates each may be another operation, and zero is one by itself.
  private mutating func note(_ effect: EffectCache.Numbered?, _ index: Int) {
    path[index].count += 1
    guard let effect, path[index].isNumber else { return }
    let isOther =
      path[index].count >= NearbyInstructions.fewNumbers
      && effect.template != path[index].lastTemplate
    if isOther || path[index].reached.contains(effect) {
      path[index].next = path[index].bytes.count
    }
    path[index].reached.append(effect)
    path[index].lastTemplate = effect.template
  }
}
