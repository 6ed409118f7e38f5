import GateReports
import Testing

/// Blocks do not lie on each other, and edges go from bottom to top of what they connect.
@Suite struct LayoutTests {
  private typealias Edge = FlowGraphLayout.Edge

  private static func random(
    _ count: Int, _ generator: inout some RandomNumberGenerator
  ) -> ([FlowGraphLayout.Size], [Edge]) {
    let sizes = (0..<count).map { _ in
      FlowGraphLayout.Size(
        width: .random(in: 40...400, using: &generator),
        height: .random(in: 20...200, using: &generator))
    }
    // As in a control-flow graph in reverse postorder, each node but the first has one before it.
    var edges = (1..<max(1, count)).map {
      Edge(from: .random(in: 0..<$0, using: &generator), to: $0)
    }
    for _ in 0..<count {
      edges.append(
        Edge(
          from: .random(in: 0..<count, using: &generator),
          to: .random(in: 0..<count, using: &generator)))
    }
    return (sizes, edges)
  }

  @Test func nothingOverlapsAndEdgesMeetTheirBlocks() {
    var generator = SystemRandomNumberGenerator()
    for round in 1...200 {
      let (sizes, edges) = Self.random(round % 30 + 1, &generator)
      let layout = FlowGraphLayout(sizes, edges)
      #expect(layout.corners.count == sizes.count && Set(layout.routes.keys) == Set(edges))
      for (index, corner) in layout.corners.enumerated() {
        #expect(corner.x >= -0.001 && corner.y >= 0)
        #expect(corner.x + sizes[index].width <= layout.size.width + 0.001)
        #expect(corner.y + sizes[index].height <= layout.size.height + 0.001)
        for other in 0..<index where layout.corners[other].y == corner.y {
          let (left, right) =
            layout.corners[other].x < corner.x ? (other, index) : (index, other)
          #expect(
            layout.corners[left].x + sizes[left].width < layout.corners[right].x,
            "\(edges) \(sizes)")
        }
      }
      for (edge, points) in layout.routes {
        let (from, to) = (layout.corners[edge.from], layout.corners[edge.to])
        guard let first = points.first, let last = points.last else {
          Issue.record("no way for \(edge)")
          continue
        }
        #expect(abs(first.y - from.y - sizes[edge.from].height) < 0.001 && last.y == to.y)
        #expect(first.x >= from.x && first.x <= from.x + sizes[edge.from].width)
        #expect(last.x >= to.x && last.x <= to.x + sizes[edge.to].width)
        if edge.from < edge.to {
          #expect(zip(points, points.dropFirst()).allSatisfy { $0.y <= $1.y })
        }
      }
    }
  }

  /// A way out of a block goes straight down before it turns to where taller blocks are beside it.
  @Test func waysPassTallNeighbours() {
    let heights = [20.0, 30, 200, 20]
    let sizes = heights.map { FlowGraphLayout.Size(width: 100, height: $0) }
    let edges = [(0, 1), (0, 2), (1, 3), (2, 3), (1, 0)].map { Edge(from: $0, to: $1) }
    let layout = FlowGraphLayout(sizes, edges)
    let tall = layout.corners[2]
    for edge in edges where edge.from == 1 {
      let points = layout.routes[edge] ?? []
      for (start, end) in zip(points, points.dropFirst()) where start.x != end.x {
        let isBeside = max(start.y, end.y) > tall.y && min(start.y, end.y) < tall.y + 200
        #expect(!isBeside, "\(edge): \(points)")
      }
    }
  }

  @Test func aLoopGoesUpAtTheRight() {
    let sizes = [FlowGraphLayout.Size](repeating: .init(width: 100, height: 40), count: 2)
    let layout = FlowGraphLayout(sizes, [Edge(from: 0, to: 1), Edge(from: 1, to: 0)])
    let back = layout.routes[Edge(from: 1, to: 0)] ?? []
    #expect(back.contains { $0.x > 100 })
    #expect(FlowGraphLayout([], []).corners.isEmpty)
  }
}
