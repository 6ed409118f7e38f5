/// The lists of a `DecodingTable`, as they are made.
struct DecodingLists {
  typealias Candidate = DecodingTable.Candidate
  typealias Entry = DecodingTable.Entry

  private static let childBits = 6
  /// As many candidates are compared one by one.
  private static let leafCount = 3
  /// Positions of six bits that tell instructions apart, the likely ones first.
  private static let positions: [UInt32] = [10, 15, 12, 16, 11, 5, 0]

  private(set) var top: [Entry] = []
  private(set) var nodes: [Entry] = []
  private(set) var candidates: [Candidate] = []

  init(_ patterns: [FixedBits]) {
    let all = patterns.enumerated().map { index, pattern in
      Candidate(
        mask: pattern.mask, value: pattern.value, index: UInt16(index),
        isConditional: pattern.isConditional)
    }
    let count = 1 << (32 - Int(DecodingTable.shift))
    let (starts, members) = DecodingLists.distribute(all, DecodingTable.shift, count)
    top.reserveCapacity(count)
    candidates.reserveCapacity(members.count)
    var last: ArraySlice<UInt16> = []
    for bucket in 0..<count {
      let list = members[Int(starts[bucket])..<Int(starts[bucket + 1])]
      if bucket > 0, list == last {
        top.append(top[bucket - 1])
      } else {
        top.append(entry(for: list, all))
        last = list
      }
    }
  }

  /// The rows by the value of some bits, one list after the other, and where each list starts.
  private static func distribute(
    _ rows: [Candidate], _ shift: UInt32, _ count: Int
  ) -> (starts: [UInt32], members: [UInt16]) {
    var starts = [UInt32](repeating: 0, count: count + 1)
    for row in rows { eachBucket(row, shift, count) { starts[$0 + 1] += 1 } }
    for bucket in 0..<count { starts[bucket + 1] += starts[bucket] }
    var ends = starts
    var members = [UInt16](repeating: 0, count: Int(starts[count]))
    for row in rows {
      eachBucket(row, shift, count) { bucket in
        members[Int(ends[bucket])] = row.index
        ends[bucket] += 1
      }
    }
    return (starts, members)
  }

  /// The values that the bits from `shift` on have in words of a row: its own, with every subset of
  /// those that it leaves free.
  @inline(__always)
  private static func eachBucket(
    _ row: Candidate, _ shift: UInt32, _ count: Int, _ body: (Int) -> Void
  ) {
    let all = UInt32(count - 1)
    let free = ~(row.mask >> shift) & all
    var subset = free
    while true {
      body(Int(row.value >> shift & all | subset))
      if subset == 0 { return }
      subset = (subset - 1) & free
    }
  }

  /// A leaf, or a node by the six bits that divide the list best.
  private mutating func entry(for list: ArraySlice<UInt16>, _ all: [Candidate]) -> Entry {
    guard list.count > DecodingLists.leafCount else { return leaf(list, all) }
    let rows = list.map { all[Int($0)] }
    let count = 1 << DecodingLists.childBits
    var best: (shift: UInt32, starts: [UInt32], members: [UInt16], cost: UInt32)?
    for shift in DecodingLists.positions {
      let (starts, members) = DecodingLists.distribute(rows, shift, count)
      let cost = (0..<count).map { starts[$0 + 1] - starts[$0] }.max() ?? 0
      if cost < best?.cost ?? .max { best = (shift, starts, members, cost) }
      if cost <= DecodingLists.leafCount { break }
    }
    guard let best, best.cost < list.count else { return leaf(list, all) }
    let start = nodes.count
    for child in 0..<count {
      nodes.append(leaf(best.members[Int(best.starts[child])..<Int(best.starts[child + 1])], all))
    }
    return Entry(start: UInt32(start), detail: Entry.node + best.shift)
  }

  private mutating func leaf(_ list: ArraySlice<UInt16>, _ all: [Candidate]) -> Entry {
    let start = candidates.count
    for index in list { candidates.append(all[Int(index)]) }
    return Entry(start: UInt32(start), detail: UInt32(list.count))
  }
}
