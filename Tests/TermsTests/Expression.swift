import Terms

/// An expression as somebody asks for it, before any constructor has simplified it: a graph whose
/// root is the last node and whose operands come before the nodes that use them.
struct Expression: CustomStringConvertible {
  /// A node: what it applies, to which nodes, and the sort of the result.
  struct Node: Hashable {
    var kind: Kind
    var operands: [Int] = []
    var sort: Sort
  }

  /// Every public constructor of `TermManager`; widths of results are in the node's sort.
  enum Kind: Hashable {
    case constant(BitVector)
    case boolean(Bool)
    case variable(String)
    case not, and, or, xor, implies, equal, distinct, ifThenElse
    case negate, add, subtract, multiply
    case unsignedDivide, unsignedRemainder, signedDivide, signedRemainder
    case shiftLeft, logicalShiftRight, arithmeticShiftRight, rotateLeft, rotateRight
    case shiftLeftBy(Int)
    case logicalShiftRightBy(Int)
    case arithmeticShiftRightBy(Int)
    case rotateLeftBy(Int)
    case unsignedLess, unsignedLessOrEqual, signedLess, signedLessOrEqual
    case isNegative
    case bit(Int)
    case bits
    case concat
    case extract(Int, Int)
    case zeroExtend, signExtend
    case select, store, constantArray
  }

  var nodes: [Node] = []

  var root: Int { nodes.count - 1 }

  /// Adds a node, or finds the equal one.
  mutating func add(_ kind: Kind, _ operands: [Int] = [], _ sort: Sort) -> Int {
    nodes.append(Node(kind: kind, operands: operands, sort: sort))
    return root
  }

  /// One line a node that the root needs.
  var description: String {
    let live = liveNodes
    return nodes.indices.filter { live[$0] }.map { index in
      let node = nodes[index]
      let operands = node.operands.map { " %\($0)" }.joined()
      return "%\(index) = \(node.kind)\(operands) : \(node.sort.smtlib)"
    }.joined(separator: "\n")
  }

  /// Which nodes the root consists of.
  var liveNodes: [Bool] {
    var live = [Bool](repeating: false, count: nodes.count)
    if !nodes.isEmpty { live[root] = true }
    for index in nodes.indices.reversed() where live[index] {
      for operand in nodes[index].operands { live[operand] = true }
    }
    return live
  }

  /// The same expression without nodes that the root does not need.
  var pruned: Expression {
    let live = liveNodes
    var result = Expression()
    var places: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() where live[index] {
      places[index] = result.add(node.kind, node.operands.compactMap { places[$0] }, node.sort)
    }
    return result
  }
}
