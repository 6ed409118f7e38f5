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

  /// The half bytes, a bit each, that lead to different states from two; in a wide table all.
  @inline(__always)
  func differing(_ left: Int32, _ right: Int32) -> UInt32 {
    guard wide.isEmpty else { return 0xFFFF }
    let left = Swift.min(UInt32(bitPattern: left), last)
    let right = Swift.min(UInt32(bitPattern: right), last)
    var bits: UInt32 = 0
    for part in 0..<4 {
      let difference = StateSteps.four(narrow, left, part) ^ StateSteps.four(narrow, right, part)
      // The upper bit of each sixteen is one where some of them is.
      let low: UInt64 = 0x7FFF_7FFF_7FFF_7FFF
      let some = (((difference & low) &+ low) | difference) & ~low
      // Brings the four side by side.
      let together = (some >> 15) &* (1 << 48 | 1 << 33 | 1 << 18 | 1 << 3)
      bits |= UInt32(truncatingIfNeeded: together >> 48 & 15) << UInt32(4 * part)
    }
    return bits
  }

  /// Four targets of a state, the one of the first half byte in the lowest bits.
  @inline(__always)
  private static func four(
    _ table: UnsafeBufferPointer<UInt16>, _ state: UInt32, _ part: Int
  ) -> UInt64 {
    UInt64(
      littleEndian: UnsafeRawBufferPointer(table).loadUnaligned(
        fromByteOffset: Int(state) << 5 + part << 3, as: UInt64.self))
  }
}
