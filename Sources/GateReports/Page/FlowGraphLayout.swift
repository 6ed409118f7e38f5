/// Places for the blocks of a control-flow graph, from the top down, and ways for its edges.
///
/// Layers follow the order of the nodes: an edge to a later node goes down, with a bend in each layer
/// that it passes, and an edge to the same or an earlier node goes back up at the right.
package struct FlowGraphLayout {
  package struct Size {
    package var width: Double
    package var height: Double

    package init(width: Double, height: Double) {
      self.width = width
      self.height = height
    }
  }

  package struct Edge: Hashable {
    package var from: Int
    package var to: Int

    package init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }

    var isBack: Bool { to <= from }
  }

  package struct Point {
    package var x: Double
    package var y: Double
  }

  /// A node, or the bend of an edge in a layer that it passes.
  private struct Place {
    var layer: Int
    var width: Double
    var x = 0.0
    var above: [Int] = []
    var below: [Int] = []
  }

  private static let gap = Size(width: 28, height: 44)
  private static let bend = 10.0
  /// Between ways that go up beside each other.
  private static let lane = 14.0

  private let sizes: [Size]
  private var places: [Place] = []
  private var layers: [[Int]] = []
  private var tops: [Double] = []
  private var chains: [Edge: [Int]] = [:]
  /// The top left corner of each node.
  package private(set) var corners: [Point] = []
  /// The points of each edge, from the bottom of its node to the top of the other.
  package private(set) var routes: [Edge: [Point]] = [:]
  package private(set) var size = Size(width: 0, height: 0)

  package init(_ sizes: [Size], _ edges: [Edge]) {
    self.sizes = sizes
    let edges = Set(edges).sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    place(edges)
    for round in 0..<8 { order(downwards: round % 2 == 0) }
    spread()
    stack()
    corners = sizes.indices.map {
      Point(x: places[$0].x - sizes[$0].width / 2, y: tops[places[$0].layer])
    }
    route(edges)
  }

  // MARK: Layers

  private mutating func place(_ edges: [Edge]) {
    var layer = [Int](repeating: 0, count: sizes.count)
    for edge in edges where !edge.isBack {
      // The edges are sorted by their start, whose layer is final by now.
      layer[edge.to] = max(layer[edge.to], layer[edge.from] + 1)
    }
    places = sizes.indices.map { Place(layer: layer[$0], width: sizes[$0].width) }
    for edge in edges where !edge.isBack {
      var chain = [edge.from]
      for passed in layer[edge.from] + 1..<max(layer[edge.to], layer[edge.from] + 1) {
        chain.append(places.count)
        places.append(Place(layer: passed, width: Self.bend))
      }
      chain.append(edge.to)
      for (upper, lower) in zip(chain, chain.dropFirst()) {
        places[upper].below.append(lower)
        places[lower].above.append(upper)
      }
      chains[edge] = chain
    }
    layers = [[Int]](repeating: [], count: (layer.max() ?? -1) + 1)
    for index in places.indices { layers[places[index].layer].append(index) }
  }

  /// Sorts each layer by the mean position of what its places are connected to.
  private mutating func order(downwards: Bool) {
    var position = [Double](repeating: 0, count: places.count)
    for layer in layers {
      for (index, place) in layer.enumerated() { position[place] = Double(index) }
    }
    for index in downwards ? Array(layers.indices) : layers.indices.reversed() {
      let keys = layers[index].enumerated().map { rank, place in
        let others = downwards ? places[place].above : places[place].below
        let sum = others.reduce(0) { $0 + position[$1] }
        return (place, others.isEmpty ? Double(rank) : sum / Double(others.count), rank)
      }
      layers[index] = keys.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
      for (rank, place) in layers[index].enumerated() { position[place] = Double(rank) }
    }
  }

  // MARK: Coordinates

  /// Moves places towards what they are connected to, as far as their neighbours allow.
  private mutating func spread() {
    for layer in layers { settle(layer, layer.map { _ in 0 }) }
    for round in 0..<16 {
      for index in round % 2 == 0 ? Array(layers.indices) : layers.indices.reversed() {
        let wanted = layers[index].map { place in
          let others = places[place].above + places[place].below
          let sum = others.reduce(0) { $0 + places[$1].x }
          return others.isEmpty ? places[place].x : sum / Double(others.count)
        }
        settle(layers[index], wanted)
      }
    }
  }

  /// Places a layer at `wanted`, pushed apart where that is too close.
  private mutating func settle(_ layer: [Int], _ wanted: [Double]) {
    var offsets: [Double] = []
    for (rank, place) in layer.enumerated() {
      guard rank > 0 else {
        offsets.append(wanted[0])
        continue
      }
      let apart = (places[layer[rank - 1]].width + places[place].width) / 2 + Self.gap.width
      offsets.append(max(wanted[rank], offsets[rank - 1] + apart))
    }
    let excess = zip(offsets, wanted).reduce(0) { $0 + $1.0 - $1.1 } / Double(max(1, layer.count))
    for (place, offset) in zip(layer, offsets) { places[place].x = offset - excess }
  }

  /// The heights of layers, and everything moved so that it begins at zero.
  private mutating func stack() {
    var y = 0.0
    for layer in layers {
      tops.append(y)
      let height = layer.filter { $0 < sizes.count }.map { sizes[$0].height }.max() ?? 0
      y += height + Self.gap.height
    }
    let left = places.map { $0.x - $0.width / 2 }.min() ?? 0
    for index in places.indices { places[index].x -= left }
    size = Size(
      width: places.map { $0.x + $0.width / 2 }.max() ?? 0, height: max(0, y - Self.gap.height))
  }

  private func bottom(_ node: Int) -> Double { tops[places[node].layer] + sizes[node].height }

  // MARK: Edges

  private mutating func route(_ edges: [Edge]) {
    var taken: [(layers: ClosedRange<Int>, x: Double)] = []
    for edge in edges {
      let (start, end) = (port(edge, edges, isStart: true), port(edge, edges, isStart: false))
      // Below all nodes of its layer, so that no way crosses a taller neighbour.
      let under = Point(x: start.x, y: floor(places[edge.from].layer))
      if let chain = chains[edge] {
        let bends = chain.dropFirst().dropLast().map { places[$0] }.flatMap { place in
          [Point(x: place.x, y: tops[place.layer]), Point(x: place.x, y: floor(place.layer))]
        }
        routes[edge] = [start, under] + bends + [end]
      } else {
        let x = lane(edge, &taken)
        // Ways beside each other do not share their level parts either.
        let slack = Self.gap.height / 4 + Double(taken.count % 4) * 5
        let (low, high) = (under.y + slack, end.y - slack)
        size.width = max(size.width, x + Self.lane)
        size.height = max(size.height, low + 2)
        routes[edge] = [
          start, Point(x: start.x, y: low), Point(x: x, y: low), Point(x: x, y: high),
          Point(x: end.x, y: high), end,
        ]
      }
    }
  }

  /// The bottom of a layer's tallest node.
  private func floor(_ layer: Int) -> Double {
    tops[layer] + (layers[layer].filter { $0 < sizes.count }.map { sizes[$0].height }.max() ?? 0)
  }

  /// Where an edge goes up: right of all that it passes, and of the ways that do so already.
  private func lane(_ edge: Edge, _ taken: inout [(layers: ClosedRange<Int>, x: Double)]) -> Double
  {
    let ends = [places[edge.to].layer, places[edge.from].layer].sorted()
    let span = ends[0]...ends[1]
    var x =
      (layers[span].joined().map { places[$0].x + places[$0].width / 2 }.max() ?? 0) + Self.lane
    for other in taken where other.layers.overlaps(span) { x = max(x, other.x + Self.lane) }
    taken.append((span, x))
    return x
  }

  /// Where an edge leaves or meets its node: several at one node are side by side.
  private func port(_ edge: Edge, _ edges: [Edge], isStart: Bool) -> Point {
    let node = isStart ? edge.from : edge.to
    func side(_ edge: Edge) -> Double {
      guard let chain = chains[edge], chain.count > 1 else { return .infinity }
      return places[isStart ? chain[1] : chain[chain.count - 2]].x
    }
    let all = edges.filter { (isStart ? $0.from : $0.to) == node }
      .sorted { (side($0), $0.from, $0.to) < (side($1), $1.from, $1.to) }
    let rank = Double(all.firstIndex(of: edge) ?? 0) - Double(all.count - 1) / 2
    let step = min(36, (sizes[node].width - 16) / Double(max(1, all.count)))
    return Point(
      x: places[node].x + rank * step,
      y: isStart ? bottom(node) : tops[places[node].layer])
  }
}
