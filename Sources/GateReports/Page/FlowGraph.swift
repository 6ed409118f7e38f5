import BinVerify
import Gate

/// The control-flow graph of a kernel with the way that a run takes through it.
struct FlowGraph {
  /// An edge as it is drawn.
  struct Edge {
    enum Kind { case next, taken, call, run }

    let ends: FlowGraphLayout.Edge
    let kind: Kind
    /// How often the run goes along it.
    var count: Int
  }

  let blocks: [KernelListing.Block]
  let edges: [Edge]
  /// How often the run enters each block.
  let visits: [Int]

  init(_ listing: KernelListing, _ steps: [GateReport.Step]) {
    blocks = listing.blocks
    var starts: [UInt64: Int] = [:]
    for (index, block) in blocks.enumerated() {
      if let first = block.addresses.first { starts[first] = index }
    }
    let run = steps.compactMap { starts[$0.address] }
    var visits = [Int](repeating: 0, count: blocks.count)
    for block in run { visits[block] += 1 }
    var counts: [FlowGraphLayout.Edge: Int] = [:]
    for (from, to) in zip(run, run.dropFirst()) {
      counts[.init(from: from, to: to), default: 0] += 1
    }
    var edges: [Edge] = []
    for (index, block) in blocks.enumerated() {
      for successor in block.successors {
        guard let target = starts[successor.target] else { continue }
        let ends = FlowGraphLayout.Edge(from: index, to: target)
        guard !edges.contains(where: { $0.ends == ends }) else { continue }
        edges.append(
          Edge(
            ends: ends, kind: FlowGraph.kind(successor.kind),
            count: counts.removeValue(forKey: ends) ?? 0))
      }
    }
    // What is left are returns from functions and computed jumps.
    let others = counts.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }
    self.edges = edges + others.map { Edge(ends: $0.key, kind: .run, count: $0.value) }
    self.visits = visits
  }

  private static func kind(_ kind: KernelListing.Edge.Kind) -> Edge.Kind {
    switch kind {
    case .next: .next
    case .taken: .taken
    case .call: .call
    }
  }
}
