/// The control-flow graph of code: its addresses in reverse postorder, and which may follow which.
struct FlowGraph {
  private(set) var addresses: [UInt64] = []
  private var successors: [[Int]] = []

  init(_ stream: InstructionStream) {
    var postorder: [UInt64] = []
    var seen: Set<UInt64> = [stream.code.entry]
    var known: [UInt64: [UInt64]] = [:]
    func open(_ address: UInt64) -> (address: UInt64, rest: [UInt64]) {
      let next = FlowGraph.successors(of: address, stream)
      known[address] = next
      return (address, next)
    }
    var stack = [open(stream.code.entry)]
    while let top = stack.last {
      if let next = top.rest.last {
        stack[stack.count - 1].rest.removeLast()
        if seen.insert(next).inserted { stack.append(open(next)) }
      } else {
        postorder.append(top.address)
        stack.removeLast()
      }
    }
    addresses = postorder.reversed()
    let places = Dictionary(uniqueKeysWithValues: zip(addresses, addresses.indices))
    successors = addresses.map { known[$0, default: []].compactMap { places[$0] } }
  }

  private static func successors(of address: UInt64, _ stream: InstructionStream) -> [UInt64] {
    guard let instruction = try? stream.instruction(at: address) else { return [] }
    let target = instruction.target.map { [$0] } ?? []
    switch instruction.form.family.flow {
    case .sequential, .conditionalJump, .call, .indirectCall: return [instruction.end] + target
    case .jump: return target
    case .indirectJump, .return, .trap: return []
    }
  }

  /// The strongly connected components of some of the nodes, given in ascending order, in topological order,
  /// each in ascending order (Tarjan's algorithm).
  func components(of nodes: [Int]) -> [[Int]] {
    var search = ComponentSearch(nodes, successors)
    for node in nodes where !search.isFound(node) { search.visit(node) }
    return search.components.reversed()
  }
}

/// Tarjan's search for strongly connected components, without recursion, since code may be long.
private struct ComponentSearch {
  /// In reverse topological order.
  private(set) var components: [[Int]] = []
  private let successors: [[Int]]
  /// The number of each node in the order in which they are found; zero for those not found yet, and nil
  /// for those that are not among the nodes or whose component is complete.
  private var numbers: [Int: Int]
  private var lowest: [Int: Int] = [:]
  private var count = 0
  private var open: [Int] = []
  private var found: Set<Int> = []

  init(_ nodes: [Int], _ successors: [[Int]]) {
    self.successors = successors
    numbers = Dictionary(uniqueKeysWithValues: nodes.map { ($0, 0) })
  }

  func isFound(_ node: Int) -> Bool { found.contains(node) }

  mutating func visit(_ root: Int) {
    var stack = [enter(root)]
    while let (node, rest) = stack.last {
      guard let next = rest.last else {
        stack.removeLast()
        close(node)
        if let above = stack.last?.node { lower(above, to: lowest[node]) }
        continue
      }
      stack[stack.count - 1].rest.removeLast()
      guard let number = numbers[next] else { continue }
      if number == 0 { stack.append(enter(next)) } else { lower(node, to: number) }
    }
  }

  private mutating func enter(_ node: Int) -> (node: Int, rest: [Int]) {
    count += 1
    numbers[node] = count
    lowest[node] = count
    found.insert(node)
    open.append(node)
    return (node, successors[node])
  }

  private mutating func lower(_ node: Int, to number: Int?) {
    if let number, let own = lowest[node], number < own { lowest[node] = number }
  }

  /// Completes the component that begins at a node, if one does.
  private mutating func close(_ node: Int) {
    guard lowest[node] == numbers[node], let start = open.lastIndex(of: node) else { return }
    let members = open[start...].sorted()
    open.removeSubrange(start...)
    for member in members { numbers[member] = nil }
    components.append(members)
  }
}
