/// States by state and half byte, in sixteen bits each where there are not too many.
struct StepTable: Sendable {
  /// One row more than there are states, from which nothing leads; only that one where `wide` is used.
  private var narrow: [UInt16] = []
  private var wide: [Int32] = []

  init(_ steps: [Int32]) {
    // The last number stands for none.
    if steps.allSatisfy({ $0 < Int32(UInt16.max) }) {
      narrow = steps.map { UInt16(truncatingIfNeeded: $0) }
    } else {
      wide = steps
    }
    narrow += repeatElement(UInt16.max, count: 16)
  }

  @inline(__always)
  subscript(index: Int) -> Int32 {
    if !wide.isEmpty { return wide[index] }
    let state = narrow[index]
    return state == UInt16.max ? CodeAutomaton.dead : Int32(state)
  }

  /// Calls `body` with the table's memory.
  @inline(__always)
  func read<Result>(_ body: (StateSteps) -> Result) -> Result {
    narrow.withUnsafeBufferPointer { narrow in
      wide.withUnsafeBufferPointer { wide in body(StateSteps(narrow: narrow, wide: wide)) }
    }
  }

  /// The bytes that the table takes.
  var memory: Int { narrow.count * 2 + wide.count * 4 }
}

/// The memory of a table of states by state and half byte, for loops that have to be fast: that states are
/// there is not checked.
struct StateSteps {
  private let narrow: UnsafeBufferPointer<UInt16>
  /// Empty where `narrow` is used; otherwise that is the row of `dead` alone.
  private let wide: UnsafeBufferPointer<Int32>
  /// The number of the row of `dead`.
  private let last: UInt32

  fileprivate init(narrow: UnsafeBufferPointer<UInt16>, wide: UnsafeBufferPointer<Int32>) {
    self.narrow = narrow
    self.wide = wide
    last = UInt32(narrow.count >> 4) - 1
  }

  /// Whether `narrowTargets` may be asked for.
  @inline(__always)
  var isNarrow: Bool { wide.isEmpty }

  /// Where half bytes lead from a state.
  struct NarrowTargets {
    fileprivate let table: UnsafeBufferPointer<UInt16>
    fileprivate let first: Int

    /// Where half a byte leads, `open` for both states after an instruction.
    @inline(__always)
    func after(_ half: UInt8) -> Int32 {
      // The largest number, which stands for none, becomes -1.
      let target = Int32(table[first &+ Int(half)] &+ 1) &- 1
      return target == CodeAutomaton.closed ? CodeAutomaton.open : target
    }
  }

  /// The row of a state; of `dead` one from which nothing leads.
  @inline(__always)
  func narrowTargets(_ state: Int32) -> NarrowTargets {
    NarrowTargets(table: narrow, first: Int(Swift.min(UInt32(bitPattern: state), last)) << 4)
  }

  /// In which half bytes two states differ; of `dead` none leads on.
  @inline(__always)
  func difference(_ left: Int32, _ right: Int32) -> StateDifference {
    if !isNarrow { return wideDifference(left, right) }
    let (left, right) = (narrowRow(left), narrowRow(right))
    let none = SIMD16<UInt16>(repeating: UInt16.max)
    let (isLeft, isRight) = (StateSteps.lanes(left .!= none), StateSteps.lanes(right .!= none))
    let differ = StateSteps.lanes(left .!= right)
    return StateDifference(
      one: StateSteps.bits(isLeft ^ isRight), both: StateSteps.bits(differ & isLeft & isRight))
  }

  /// Sixteen lanes of sixteen bits, all of them ones or zeros.
  private typealias Lanes = SIMD4<UInt64>

  @inline(__always)
  private func narrowRow(_ state: Int32) -> SIMD16<UInt16> {
    let state = Int(Swift.min(UInt32(bitPattern: state), last))
    return UnsafeRawBufferPointer(narrow).loadUnaligned(
      fromByteOffset: state << 5, as: SIMD16<UInt16>.self)
  }

  @inline(__always)
  private static func lanes(_ mask: SIMDMask<SIMD16<Int16>>) -> Lanes {
    unsafeBitCast(mask, to: Lanes.self)
  }

  /// A bit for each lane that is ones.
  @inline(__always)
  private static func bits(_ lanes: Lanes) -> UInt32 {
    let four: UInt64 = 1 | 2 << 16 | 4 << 32 | 8 << 48
    let bits = lanes & Lanes(four, four << 4, four << 8, four << 12)
    let two = bits.lowHalf | bits.highHalf
    let one = two.x | two.y
    let half = UInt32(truncatingIfNeeded: one | one >> 32)
    return (half | half >> 16) & 0xFFFF
  }

  private func wideDifference(_ left: Int32, _ right: Int32) -> StateDifference {
    var result = StateDifference()
    for half in 0..<16 {
      let (left, right) = (wideTarget(left, half), wideTarget(right, half))
      if left == right { continue }
      if Swift.min(left, right) < 0 { result.one |= 1 << half } else { result.both |= 1 << half }
    }
    return result
  }

  private func wideTarget(_ state: Int32, _ half: Int) -> Int32 {
    state < 0 ? state : wide[Int(state) << 4 | half]
  }
}
