/// The shapes of terms.
extension TermManager {
  /// What a term consists of, up to the names of its variables: equal lists for terms of which each is the
  /// other with its variables renamed. Nil for more than `limit` terms, or with arrays.
  package func shape(of root: Term, limit: Int) -> ContiguousArray<UInt64>? {
    // Taken out for the time, since what is local is read and written faster.
    var numbers = ContiguousArray<UInt32>()
    swap(&numbers, &self.numbers)
    defer { swap(&numbers, &self.numbers) }
    let missing = nodes.count - numbers.count
    if missing > 0 {
      numbers.append(contentsOf: repeatElement(0, count: Swift.max(missing, numbers.count)))
    }
    return numbers.withUnsafeMutableBufferPointer { numbers in
      var writer = ShapeWriter(nodes: nodes, numbers: numbers, limit: limit)
      defer { writer.clear() }
      return writer.write(root.index, wideConstants) ? writer.words : nil
    }
  }
}

/// Writes down terms, children first, each with its operator, its sort, the numbers of its children and what
/// else belongs to it.
private struct ShapeWriter {
  let nodes: ContiguousArray<TermManager.Node>
  /// By position, from 1 on; zero for a term without a number.
  let numbers: UnsafeMutableBufferPointer<UInt32>
  let limit: Int
  private(set) var words: ContiguousArray<UInt64> = []
  /// The positions of those with numbers, in order.
  private var numbered: ContiguousArray<UInt32> = []
  private var variableCount: UInt64 = 0

  init(
    nodes: ContiguousArray<TermManager.Node>, numbers: UnsafeMutableBufferPointer<UInt32>,
    limit: Int
  ) {
    self.nodes = nodes
    self.numbers = numbers
    self.limit = limit
  }

  /// Takes all numbers back.
  mutating func clear() {
    for position in numbered { numbers[Int(position)] = 0 }
  }

  /// Writes a term and what it consists of; false if that is too much or has arrays.
  mutating func write(_ root: UInt32, _ wideConstants: [BitVector]) -> Bool {
    // Positions, twice each, and one more where the children are done.
    var open: ContiguousArray<UInt64> = [UInt64(root) << 1]
    open.reserveCapacity(128)
    while let top = open.popLast() {
      let position = UInt32(truncatingIfNeeded: top >> 1)
      if numbers[Int(position)] != 0 { continue }
      let node = nodes[Int(position)]
      let arity = node.operation.arity
      if arity > 0, top & 1 == 0 {
        open.append(top | 1)
        // The first child is numbered first, whatever order the terms were made in.
        if arity > 2, numbers[Int(node.third)] == 0 { open.append(UInt64(node.third) << 1) }
        if arity > 1, numbers[Int(node.second)] == 0 { open.append(UInt64(node.second) << 1) }
        if numbers[Int(node.first)] == 0 { open.append(UInt64(node.first) << 1) }
        continue
      }
      // The top bit of a sort marks arrays.
      guard numbered.count < limit, node.sort >> 31 == 0 else { return false }
      append(node, arity, wideConstants)
      numbered.append(position)
      numbers[Int(position)] = UInt32(numbered.count)
    }
    return true
  }

  private mutating func append(
    _ node: TermManager.Node, _ arity: Int, _ wideConstants: [BitVector]
  ) {
    words.append(UInt64(node.operation.rawValue) << 32 | UInt64(node.sort))
    if arity > 0 {
      let second = arity > 1 ? numbers[Int(node.second)] : 0
      words.append(UInt64(second) << 32 | UInt64(numbers[Int(node.first)]))
    }
    if arity > 2 { words.append(UInt64(numbers[Int(node.third)])) }
    switch node.operation {
    case .constant where node.sort > 64: words += wideConstants[Int(node.first)].words
    case .constant: words.append(UInt64(node.second) << 32 | UInt64(node.first))
    case .extract: words.append(UInt64(node.second) << 32 | UInt64(node.third))
    case .variable:
      words.append(variableCount)
      variableCount += 1
    // What the sort of the node says is all that they have besides their operands.
    case .not, .and, .or, .xor, .equal, .ifThenElse, .negate, .add, .multiply, .unsignedDivide,
      .unsignedRemainder, .signedDivide, .signedRemainder, .shiftLeft, .logicalShiftRight,
      .arithmeticShiftRight, .unsignedLess, .signedLess, .concat, .signExtend, .select, .store,
      .constantArray:
      break
    }
  }
}
