/// States by state and half byte, in sixteen bits each where there are not too many.
struct StepTable: Sendable {
  private var narrow: [UInt16] = []
  private var wide: [Int32] = []

  init(_ steps: [Int32]) {
    // The last number stands for none.
    if steps.allSatisfy({ $0 < Int32(UInt16.max) }) {
      narrow = steps.map { UInt16(truncatingIfNeeded: $0) }
    } else {
      wide = steps
    }
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
  /// One of them is empty.
  fileprivate let narrow: UnsafeBufferPointer<UInt16>
  fileprivate let wide: UnsafeBufferPointer<Int32>

  /// Where half a byte leads; `dead` leads nowhere.
  @inline(__always)
  func target(_ state: Int32, half: UInt32) -> Int32 {
    if state < 0 { return CodeAutomaton.dead }
    let place = Int(state) << 4 | Int(half)
    // The largest number, which stands for none, becomes -1.
    return wide.isEmpty ? Int32(narrow[place] &+ 1) &- 1 : wide[place]
  }

  /// The half bytes, a bit each, that lead to different states from two; in a wide table, and from `dead`,
  /// all.
  @inline(__always)
  func differing(_ left: Int32, _ right: Int32) -> UInt32 {
    guard wide.isEmpty, left >= 0, right >= 0 else { return 0xFFFF }
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
    _ table: UnsafeBufferPointer<UInt16>, _ state: Int32, _ part: Int
  ) -> UInt64 {
    UInt64(
      littleEndian: UnsafeRawBufferPointer(table).loadUnaligned(
        fromByteOffset: Int(state) << 5 + part << 3, as: UInt64.self))
  }
}
