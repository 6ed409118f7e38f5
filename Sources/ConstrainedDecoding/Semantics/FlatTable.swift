/// A hash table of numbers from zero on, or -1, by numbers: quick because it has nothing else to do.
///
/// A class, since a value that is part of one counts references to its arrays whenever it is asked.
final class FlatTable {
  @exclusivity(unchecked) private var keys: [UInt64]
  @exclusivity(unchecked) private var values: [Int32]
  @exclusivity(unchecked) private(set) var count = 0
  /// What stands where there is no value.
  private static let none = Int32.min
  private static let smallest = 1 << 10

  init() {
    keys = [UInt64](repeating: 0, count: FlatTable.smallest)
    values = [Int32](repeating: FlatTable.none, count: FlatTable.smallest)
  }

  /// A key of two numbers, of which the first is not negative.
  @inline(__always)
  static func key(_ high: Int32, _ low: Int32) -> UInt64 {
    UInt64(high) << 32 | UInt64(UInt32(bitPattern: low))
  }

  subscript(key: UInt64) -> Int32? {
    let found = values[place(of: key)]
    return found == FlatTable.none ? nil : found
  }

  /// Adds a value for a key that has none.
  func insert(_ value: Int32, for key: UInt64) {
    if count * 2 >= keys.count { grow() }
    let place = place(of: key)
    keys[place] = key
    values[place] = value
    count += 1
  }

  func removeAll() {
    keys = [UInt64](repeating: 0, count: FlatTable.smallest)
    values = [Int32](repeating: FlatTable.none, count: FlatTable.smallest)
    count = 0
  }

  /// Where a key is, or would be.
  @inline(__always)
  private func place(of key: UInt64) -> Int {
    let mask = keys.count - 1
    let product = key &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: product ^ product >> 32) & mask
    while values[place] != FlatTable.none, keys[place] != key { place = (place + 1) & mask }
    return place
  }

  private func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
    values = [Int32](repeating: FlatTable.none, count: oldKeys.count * 2)
    for index in oldKeys.indices where oldValues[index] != FlatTable.none {
      let place = place(of: oldKeys[index])
      keys[place] = oldKeys[index]
      values[place] = oldValues[index]
    }
  }

  /// The bytes that it takes.
  var memory: Int { keys.count * 12 }
}
