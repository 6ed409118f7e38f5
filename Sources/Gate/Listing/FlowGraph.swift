import BinVerify

/// The control-flow graph of the code that can be reached from an entry without following computed
/// jumps.
struct FlowGraph {
  private(set) var blocks: [KernelListing.Block] = []
  /// Whether there is more code than was followed.
  private(set) var isCut = false
  private var decoded: [UInt64: Instruction] = [:]

  /// All instructions, in no order.
  var instructions: some Sequence<Instruction> { decoded.values }

  /// - Parameter limit: the most instructions that are followed.
  init(_ stream: InstructionStream, limit: Int) {
    let entry = stream.code.entry
    follow(stream, limit)
    guard decoded[entry] != nil else { return }
    let leaders = leaders(entry)
    var found: [UInt64: KernelListing.Block] = [:]
    for leader in leaders { found[leader] = block(leader, leaders) }
    blocks = FlowGraph.order(entry, found)
  }

  /// Decodes all that can be reached.
  private mutating func follow(_ stream: InstructionStream, _ limit: Int) {
    var open = [stream.code.entry]
    while let address = open.popLast() {
      guard decoded[address] == nil, let instruction = try? stream.instruction(at: address)
      else { continue }
      guard decoded.count < limit else {
        isCut = true
        return
      }
      decoded[address] = instruction
      open += FlowGraph.edges(instruction).map(\.target)
    }
  }

  private static func edges(_ instruction: Instruction) -> [KernelListing.Edge] {
    let next = KernelListing.Edge(target: instruction.end, kind: .next)
    let target = instruction.target
    switch instruction.form.family.flow {
    case .sequential, .indirectCall: return [next]
    case .conditionalJump: return [next] + (target.map { [.init(target: $0, kind: .taken)] } ?? [])
    case .call: return [next] + (target.map { [.init(target: $0, kind: .call)] } ?? [])
    case .jump: return target.map { [.init(target: $0, kind: .taken)] } ?? []
    case .indirectJump, .return, .trap: return []
    }
  }

  /// Where blocks begin: at the entry, at targets, after what branches, and where ways meet.
  private func leaders(_ entry: UInt64) -> Set<UInt64> {
    var leaders: Set<UInt64> = [entry]
    var entered: Set<UInt64> = []
    for instruction in decoded.values {
      let isPlain = instruction.form.family.flow == .sequential
      for edge in FlowGraph.edges(instruction) where decoded[edge.target] != nil {
        if !isPlain || !entered.insert(edge.target).inserted { leaders.insert(edge.target) }
      }
    }
    return leaders
  }

  private func block(_ leader: UInt64, _ leaders: Set<UInt64>) -> KernelListing.Block {
    var addresses = [leader]
    while let last = addresses.last.flatMap({ decoded[$0] }),
      last.form.family.flow == .sequential, decoded[last.end] != nil, !leaders.contains(last.end)
    {
      addresses.append(last.end)
    }
    let edges = addresses.last.flatMap { decoded[$0] }.map(FlowGraph.edges) ?? []
    return KernelListing.Block(
      addresses: addresses, successors: edges.filter { decoded[$0.target] != nil })
  }

  /// Reverse postorder from `entry`.
  private static func order(
    _ entry: UInt64, _ blocks: [UInt64: KernelListing.Block]
  ) -> [KernelListing.Block] {
    var postorder: [KernelListing.Block] = []
    var seen: Set<UInt64> = [entry]
    func successors(_ leader: UInt64) -> [UInt64] { blocks[leader]?.successors.map(\.target) ?? [] }
    var stack = [(leader: entry, open: successors(entry))]
    while let top = stack.last {
      if let next = top.open.last {
        stack[stack.count - 1].open.removeLast()
        if seen.insert(next).inserted { stack.append((next, successors(next))) }
      } else {
        if let block = blocks[top.leader] { postorder.append(block) }
        stack.removeLast()
      }
    }
    return postorder.reversed()
  }
}
