/// An order of the code's addresses in which a join comes after everything that leads to it, loops
/// being gone round as a whole: a weak topological order of the control-flow graph.
///
/// The addresses of a loop, with its way out of inner loops, follow one another, its head first.
struct FlowOrder {
  /// Loops nested deeper than this are in the order of the graph without its back edges.
  private static let depthLimit = 32

  /// Where a path stands in line: what comes first is followed first.
  struct Turn: Comparable {
    /// The rank of an address, or of the last address of the loop that a path goes round.
    private let rank: Int
    private let isBack: Bool
    /// Of loops that end together the inner ones go first.
    private let depth: Int

    fileprivate init(rank: Int, isBack: Bool, depth: Int) {
      self.rank = rank
      self.isBack = isBack
      self.depth = depth
    }

    static func < (left: Turn, right: Turn) -> Bool {
      (left.rank, left.isBack ? 1 : 0, -left.depth) < (
        right.rank, right.isBack ? 1 : 0, -right.depth
      )
    }
  }

  private var ranks: [UInt64: Int] = [:]
  /// The rank of the last address of the loop that begins at an address.
  private var ends: [UInt64: Int] = [:]
  /// The heads of loops that calls just before them lead back to, when they return.
  private var returns: Set<UInt64> = []

  init(_ stream: InstructionStream) {
    let graph = FlowGraph(stream)
    arrange(Array(graph.addresses.indices), of: graph, depth: 0)
    for address in graph.addresses {
      guard let instruction = try? stream.instruction(at: address),
        [.call, .indirectCall].contains(instruction.form.family.flow),
        isBack(address, instruction.end)
      else { continue }
      returns.insert(instruction.end)
    }
  }

  /// The position of an address in the order; addresses not reached statically come last.
  func rank(_ address: UInt64) -> Int { ranks[address] ?? .max }

  /// Whether an edge leads back to the head of a loop that it is in.
  func isBack(_ source: UInt64, _ target: UInt64) -> Bool { rank(target) <= rank(source) }

  /// Whether a call that returns to an address leads back to the head of a loop that it is in.
  func isBack(returnTo target: UInt64) -> Bool { returns.contains(target) }

  /// Where a path to `address` stands in line. One that goes round a loop waits for all others that are in it,
  /// so that they go round together.
  func turn(at address: UInt64, isBack: Bool) -> Turn {
    let rank = rank(address)
    return Turn(rank: isBack ? ends[address] ?? rank : rank, isBack: isBack, depth: rank)
  }

  /// Whether some instruction that may be reached is a return.
  func hasReturn(_ stream: InstructionStream) -> Bool {
    ranks.keys.contains {
      (try? stream.instruction(at: $0))?.form.family.flow == .return
    }
  }

  /// Appends a part of the graph, given in reverse postorder.
  private mutating func arrange(_ nodes: [Int], of graph: FlowGraph, depth: Int) {
    for component in graph.components(of: nodes) {
      let head = component[0]
      append(head, graph)
      let rest = Array(component.dropFirst())
      if rest.isEmpty { continue }
      if depth < FlowOrder.depthLimit {
        arrange(rest, of: graph, depth: depth + 1)
      } else {
        for node in rest { append(node, graph) }
      }
      ends[graph.addresses[head]] = ranks.count - 1
    }
  }

  private mutating func append(_ node: Int, _ graph: FlowGraph) {
    ranks[graph.addresses[node]] = ranks.count
  }
}
