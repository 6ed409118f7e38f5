/// Finds the row of a word.
///
/// The top eleven bits select a few candidates, which are compared by mask and value. Where they
/// are many (SIMD instructions differ in lower bits), six more bits divide them first.
struct DecodingTable: Sendable {
  private struct Candidate: Sendable {
    let mask: UInt32
    let value: UInt32
    let index: UInt16
    /// Whether excluded values or twins have to be looked at as well.
    let isConditional: Bool
  }

  /// Where to go on: a run of candidates, or a node of 64 entries and where its six bits are.
  private struct Entry: Sendable {
    var start: UInt32
    /// The number of candidates; or `node` plus the position of the six bits.
    var detail: UInt32

    static let node: UInt32 = 1 << 16
  }

  private static let shift: UInt32 = 21
  private static let childBits = 6
  /// As many candidates are compared one by one.
  private static let leafCount = 3
  /// Positions of six bits that tell instructions apart, the likely ones first.
  private static let positions: [UInt32] = [10, 15, 12, 16, 11, 5, 0]

  private var top: [Entry] = []
  private var nodes: [Entry] = []
  private var candidates: [Candidate] = []

  /// - Parameter patterns: the fixed bits of each row.
  init(_ patterns: [FixedBits]) {
    let all = patterns.enumerated().map { index, pattern in
      Candidate(
        mask: pattern.mask, value: pattern.value, index: UInt16(index),
        isConditional: pattern.isConditional)
    }
    let count = 1 << (32 - Int(DecodingTable.shift))
    let (starts, members) = DecodingTable.distribute(all, DecodingTable.shift, count)
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
    guard list.count > DecodingTable.leafCount else { return leaf(list, all) }
    let rows = list.map { all[Int($0)] }
    let count = 1 << DecodingTable.childBits
    var best: (shift: UInt32, starts: [UInt32], members: [UInt16], cost: UInt32)?
    for shift in DecodingTable.positions {
      let (starts, members) = DecodingTable.distribute(rows, shift, count)
      let cost = (0..<count).map { starts[$0 + 1] - starts[$0] }.max() ?? 0
      if cost < best?.cost ?? .max { best = (shift, starts, members, cost) }
      if cost <= DecodingTable.leafCount { break }
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

  /// The position of the row that `word` belongs to; `matches` looks at excluded values and twins
  /// of a row whose fixed bits fit.
  @inline(__always)
  func index(of word: UInt32, matches: (Int) -> Bool) -> Int? {
    var entry = top[Int(word >> DecodingTable.shift)]
    if entry.detail >= Entry.node {
      entry = nodes[Int(entry.start + word >> (entry.detail - Entry.node) & 63)]
    }
    for position in Int(entry.start)..<Int(entry.start + entry.detail) {
      let candidate = candidates[position]
      if word & candidate.mask == candidate.value {
        let index = Int(candidate.index)
        if !candidate.isConditional || matches(index) { return index }
      }
    }
    return nil
  }
}

/// The fixed bits of a row, read from its diagram without anything else, so that the tables are made
/// fast.
struct FixedBits: Sendable {
  private(set) var mask: UInt32 = 0
  private(set) var value: UInt32 = 0
  /// Whether the diagram excludes values or has a name twice.
  private(set) var isConditional: Bool

  init(_ diagram: String) {
    isConditional = diagram.utf8.contains(33)
    var position = 32
    var names: [UInt64] = []
    for part in diagram.utf8.split(separator: 32) where position > 0 {
      var (name, bits, width): (UInt64, Int, Int) = (0, 0, 0)
      var isNumber = true
      var mark: UInt8 = 0
      for byte in part {
        if byte == 33 { break }
        switch (mark, byte) {
        case (0, 58), (0, 61): mark = byte
        case (58, _): width = width * 10 + Int(byte) - 48
        case (61, _): bits += 1
        default:
          name = name << 8 | UInt64(byte)
          isNumber = isNumber && (byte == 48 || byte == 49 || byte == 120)
          bits += 1
        }
      }
      if mark == 58 || mark == 0 && !isNumber {
        position -= Swift.max(width, 1)
      } else {
        let digits = mark == 61 ? part.drop { $0 != 61 }.dropFirst() : part
        add(digits.prefix { $0 != 33 }, below: &position)
      }
      if mark != 0 || !isNumber {
        isConditional = isConditional || names.contains(name)
        names.append(name)
      }
    }
  }

  private mutating func add(_ digits: Substring.UTF8View, below position: inout Int) {
    for digit in digits {
      position -= 1
      if digit == 120 { continue }
      mask |= 1 << UInt32(position)
      if digit == 49 { value |= 1 << UInt32(position) }
    }
  }
}
