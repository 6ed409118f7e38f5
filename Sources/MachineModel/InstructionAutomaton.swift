/// Which byte strings are one instruction of an architecture: the minimal automaton, which reads half
/// bytes, the upper half of each byte first.
///
/// A value that never changes. From every node some way leads to an end.
public struct InstructionAutomaton: Sendable {
  /// What half a byte leads to, if not to another node.
  public enum Step {
    public static let dead: Int32 = -1

    /// The end of an instruction, of whose form the choice says `label`.
    public static func end(_ label: Int) -> Int32 { -2 - Int32(label) }
  }

  /// By node, sixteen each. The targets of a node have lower numbers.
  public let steps: [Int32]
  /// The node before the first byte; `Step.dead` if there is no instruction.
  public let start: Int32

  public var nodeCount: Int { steps.count >> 4 }

  /// Where half a byte leads.
  @inline(__always)
  public func step(_ node: Int32, half: UInt8) -> Int32 { steps[Int(node) << 4 | Int(half)] }

  /// Where a byte leads from a node between bytes.
  @inline(__always)
  public func step(_ node: Int32, _ byte: UInt8) -> Int32 {
    let middle = step(node, half: byte >> 4)
    return middle < 0 ? Step.dead : step(middle, half: byte & 15)
  }
}

/// Builds an `InstructionAutomaton` from its ends on: nodes with the same targets are one.
public struct AutomatonBuilder {
  public typealias Row = SIMD16<Int32>

  private var rows: [Row] = []
  /// By node: the most half bytes to an end; 0 where that was not asked for.
  private var longest: [UInt8] = []
  /// Numbers of nodes by the hash of their rows; -1 where there is none.
  private var table = [Int32](repeating: -1, count: 1 << 14)
  private var unions = PairTable()
  private var shorter = PairTable()

  public init() {}

  /// How many nodes there are.
  public var nodeCount: Int { rows.count }

  /// The node with these targets; `dead` where all are.
  public mutating func node(_ row: Row) -> Int32 {
    if row == Row(repeating: InstructionAutomaton.Step.dead) {
      return InstructionAutomaton.Step.dead
    }
    if 2 * rows.count >= table.count { grow() }
    let place = place(of: row)
    if table[place] < 0 {
      table[place] = Int32(rows.count)
      rows.append(row)
    }
    return table[place]
  }

  /// The node between bytes with these targets of the 256 bytes.
  public mutating func node(bytes: [Int32]) -> Int32 {
    precondition(bytes.count == 256, "\(bytes.count) targets")
    var row = Row(repeating: InstructionAutomaton.Step.dead)
    var last = row
    var reached = InstructionAutomaton.Step.dead
    for high in 0..<16 {
      let half = Row(bytes[high << 4..<(high + 1) << 4])
      if half != last { (last, reached) = (half, node(half)) }
      row[high] = reached
    }
    return node(row)
  }

  /// What reads what either reads.
  ///
  /// - Precondition: neither reads what begins or goes on with what the other reads.
  public mutating func union(_ left: Int32, _ right: Int32) -> Int32 {
    if left == right || right == InstructionAutomaton.Step.dead { return left }
    if left == InstructionAutomaton.Step.dead { return right }
    precondition(left >= 0 && right >= 0, "an instruction is the beginning of another")
    let pair = UInt64(Swift.min(left, right)) << 32 | UInt64(Swift.max(left, right))
    if let known = unions[pair] { return known }
    var row = rows[Int(left)]
    let other = rows[Int(right)]
    for half in 0..<16 { row[half] = union(row[half], other[half]) }
    let result = node(row)
    unions.insert(pair, result)
    return result
  }

  /// What reads what a node reads in at most so many half bytes.
  mutating func shortened(_ node: Int32, to room: Int) -> Int32 {
    if longestWay(from: node) <= room { return node }
    if room == 0 { return InstructionAutomaton.Step.dead }
    let pair = UInt64(room) << 32 | UInt64(node)
    if let known = shorter[pair] { return known }
    var row = rows[Int(node)]
    for half in 0..<16 { row[half] = shortened(row[half], to: room - 1) }
    let result = self.node(row)
    shorter.insert(pair, result)
    return result
  }

  /// The most half bytes from a node to an end.
  private mutating func longestWay(from node: Int32) -> Int {
    if node < 0 { return 0 }
    if longest.count < rows.count {
      longest += repeatElement(0, count: rows.count - longest.count)
    }
    if longest[Int(node)] == 0 {
      let row = rows[Int(node)]
      let most = (0..<16).reduce(0) { Swift.max($0, longestWay(from: row[$1])) }
      longest[Int(node)] = UInt8(most + 1)
    }
    return Int(longest[Int(node)])
  }

  /// The automaton that starts at a node.
  public func automaton(from start: Int32) -> InstructionAutomaton {
    var numbers = [Int32](repeating: -1, count: rows.count)
    var steps: [Int32] = []
    let number = number(start, &numbers, &steps)
    return InstructionAutomaton(steps: steps, start: number)
  }

  /// Numbers a node after all that it leads to.
  private func number(_ node: Int32, _ numbers: inout [Int32], _ steps: inout [Int32]) -> Int32 {
    if node < 0 { return node }
    if numbers[Int(node)] >= 0 { return numbers[Int(node)] }
    var row = rows[Int(node)]
    for half in 0..<16 { row[half] = number(row[half], &numbers, &steps) }
    numbers[Int(node)] = Int32(steps.count >> 4)
    for half in 0..<16 { steps.append(row[half]) }
    return numbers[Int(node)]
  }

  // MARK: The table

  /// Where a row is in the table, or is to be put.
  private func place(of row: Row) -> Int {
    var place = AutomatonBuilder.hash(row) & (table.count - 1)
    while table[place] >= 0, rows[Int(table[place])] != row {
      place = (place + 1) & (table.count - 1)
    }
    return place
  }

  private mutating func grow() {
    table = [Int32](repeating: -1, count: 4 * table.count)
    for (number, row) in rows.enumerated() { table[place(of: row)] = Int32(number) }
  }

  private static func hash(_ row: Row) -> Int {
    let words = unsafeBitCast(row, to: SIMD8<UInt64>.self)
    var result: UInt64 = 0
    for index in 0..<8 {
      result = (result ^ words[index]) &* 0x9E37_79B9_7F4A_7C15
      result ^= result >> 29
    }
    return Int(truncatingIfNeeded: result >> 7)
  }
}

/// The nodes of pairs of nodes.
private struct PairTable {
  /// `empty` where there is none.
  private var pairs = [UInt64](repeating: empty, count: 1 << 12)
  private var nodes = [Int32](repeating: 0, count: 1 << 12)
  private var count = 0

  private static let empty = UInt64.max

  subscript(pair: UInt64) -> Int32? {
    let place = place(of: pair)
    return pairs[place] == pair ? nodes[place] : nil
  }

  /// Adds a pair that is not there.
  mutating func insert(_ pair: UInt64, _ node: Int32) {
    if 2 * count >= pairs.count { grow() }
    let place = place(of: pair)
    (pairs[place], nodes[place]) = (pair, node)
    count += 1
  }

  /// Where a pair is, or is to be put.
  private func place(of pair: UInt64) -> Int {
    let hash = (pair ^ pair >> 29) &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: hash >> 24) & (pairs.count - 1)
    while pairs[place] != PairTable.empty, pairs[place] != pair {
      place = (place + 1) & (pairs.count - 1)
    }
    return place
  }

  private mutating func grow() {
    let (oldPairs, oldNodes) = (pairs, nodes)
    pairs = [UInt64](repeating: PairTable.empty, count: 4 * oldPairs.count)
    nodes = [Int32](repeating: 0, count: pairs.count)
    for (pair, node) in zip(oldPairs, oldNodes) where pair != PairTable.empty {
      let place = place(of: pair)
      (pairs[place], nodes[place]) = (pair, node)
    }
  }
}
