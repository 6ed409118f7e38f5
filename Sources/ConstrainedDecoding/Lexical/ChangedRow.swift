/// A row of a mask as a kept one and the words in which it differs; all of its words where those are many.
struct ChangedRow: Sendable {
  /// The number of the kept row, of which this one is told.
  let base: Int
  /// The places of words and the bits to change in them, lower half first, in turn; or the whole row.
  private let halves: [UInt16]
  let isWhole: Bool

  /// The numbers of a change.
  private static let entry = 3

  /// To change more words than one of so many takes longer than to copy another row.
  private static let share = 4

  /// A row that is kept.
  init(keeping number: Int) { (base, halves, isWhole) = (number, [], false) }

  /// - Parameters:
  ///   - rows: the kept rows, one after the other, each as long as `row`.
  init(_ row: UnsafeBufferPointer<Int32>, base: Int, of rows: [Int32]) {
    self.base = base
    let limit = Swift.max(8, row.count / ChangedRow.share)
    // Longer rows have no places of half a word.
    let hasPlaces = row.count <= Int(UInt16.max) + 1
    let changes: [UInt16]? =
      !hasPlaces
      ? nil
      : rows.withUnsafeBufferPointer { rows in
        let kept = UnsafeBufferPointer(rebasing: rows[base * row.count..<(base + 1) * row.count])
        let room = ChangedRow.entry * (limit + ChangedRow.block)
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: room) { changes in
          ChangedRow.compare(row, kept, limit, changes).map { Array(changes[..<$0]) }
        }
      }
    isWhole = changes == nil
    halves = changes ?? UnsafeRawBufferPointer(row).withMemoryRebound(to: UInt16.self) { Array($0) }
  }

  /// Writes the places of words in which two rows differ and the bits in turn, and tells how many numbers that took;
  /// nil if there are more than `limit`. There has to be room for a block more.
  private static func compare(
    _ row: UnsafeBufferPointer<Int32>, _ kept: UnsafeBufferPointer<Int32>, _ limit: Int,
    _ changes: UnsafeMutableBufferPointer<UInt16>
  ) -> Int? {
    let (left, right) = (UnsafeRawBufferPointer(row), UnsafeRawBufferPointer(kept))
    var (count, next) = (0, 0)
    while next < row.count {
      let end = Swift.min(next &+ block, row.count)
      if end &- next < block || differs(left, right, next) {
        for place in next..<end {
          // Written wherever it is, and kept where it is a change: quicker than to choose.
          let bits = UInt32(bitPattern: row[place] ^ kept[place])
          changes[count] = UInt16(truncatingIfNeeded: place)
          changes[count &+ 1] = UInt16(truncatingIfNeeded: bits)
          changes[count &+ 2] = UInt16(truncatingIfNeeded: bits >> 16)
          count &+= Int((bits | (0 &- bits)) >> 31) &* entry
        }
        if count > entry &* limit { return nil }
      }
      next = end
    }
    return count
  }

  /// So many words are compared at once.
  private static let block = 8

  /// Whether the block at a word is not the same in both.
  @inline(__always)
  private static func differs(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ word: Int
  ) -> Bool {
    let difference =
      left.loadUnaligned(fromByteOffset: word << 2, as: SIMD4<UInt64>.self)
      ^ right.loadUnaligned(fromByteOffset: word << 2, as: SIMD4<UInt64>.self)
    let folded = difference.lowHalf | difference.highHalf
    return folded.x | folded.y != 0
  }

  /// Writes the row.
  func write(to row: UnsafeMutableBufferPointer<Int32>, _ rows: [Int32]) {
    halves.withUnsafeBytes { bytes in
      if isWhole { return UnsafeMutableRawBufferPointer(row).copyMemory(from: bytes) }
      rows.withUnsafeBufferPointer {
        _ = row.update(fromContentsOf: $0[base * row.count..<(base + 1) * row.count])
      }
      var offset = 0
      while offset < bytes.count {
        let place = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
        row[Int(place)] ^= bytes.loadUnaligned(fromByteOffset: offset &+ 2, as: Int32.self)
        offset &+= 2 * ChangedRow.entry
      }
    }
  }

  /// The bytes that it takes.
  var memory: Int { halves.capacity * 2 + 64 }
}
