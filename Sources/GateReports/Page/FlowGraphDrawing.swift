import BinVerify
import Gate

/// A control-flow graph as SVG.
struct FlowGraphDrawing {
  /// The most blocks that are drawn.
  static let limit = 150

  private static let line = 16.0
  private static let character = 7.3
  private static let padding = 10.0
  private static let margin = 8.0
  private static let lineLimit = 16
  private static let characterLimit = 56

  let graph: FlowGraph
  let listing: KernelListing
  /// The name of the kernel.
  let name: String
  /// The beginning of ids of this drawing.
  let prefix: String
  /// The instruction at which the run goes wrong.
  let wrong: UInt64?

  private let lines: [[(address: UInt64?, text: String)]]
  private let layout: FlowGraphLayout

  init(_ graph: FlowGraph, _ listing: KernelListing, name: String, prefix: String, wrong: UInt64?) {
    self.graph = graph
    self.listing = listing
    self.name = name
    self.prefix = prefix
    self.wrong = wrong
    var texts: [UInt64: String] = [:]
    for line in listing.lines { texts[line.address] = line.text }
    lines = graph.blocks.map { FlowGraphDrawing.lines($0, texts) }
    let sizes = lines.map { lines in
      FlowGraphLayout.Size(
        width: Double(lines.map(\.text.count).max() ?? 0) * Self.character + 2 * Self.padding,
        height: Double(lines.count) * Self.line + 2 * Self.padding - 4)
    }
    layout = FlowGraphLayout(sizes, graph.edges.map(\.ends))
  }

  /// The block's instructions; the middle of a long block is left out.
  private static func lines(
    _ block: KernelListing.Block, _ texts: [UInt64: String]
  ) -> [(address: UInt64?, text: String)] {
    let all = block.addresses.map { address -> (address: UInt64?, text: String) in
      let text = "\(hexadecimal(address))  \(texts[address] ?? "")".printable
      return (
        address, text.count > characterLimit ? text.prefix(characterLimit - 1) + "…" : text
      )
    }
    guard all.count > lineLimit else { return all }
    let half = lineLimit / 2
    return all.prefix(half) + [(nil, "… \(all.count - 2 * half) more instructions")]
      + all.suffix(half)
  }

  // MARK: Drawing

  var markup: Markup {
    let (width, height) = (
      layout.size.width + 2 * Self.margin, layout.size.height + 2 * Self.margin
    )
    // What the run goes along is drawn last and so on top.
    let edges = graph.edges.sorted { ($0.count > 0 ? 1 : 0) < ($1.count > 0 ? 1 : 0) }
    return .tag(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "role": "img",
        "aria-labelledby": "\(prefix)-title \(prefix)-description",
        "viewBox": "\(-Self.margin) \(-Self.margin) \(number(width)) \(number(height))",
        "width": number(width), "height": number(height),
      ],
      [
        .tag("title", ["id": "\(prefix)-title"], "Control-flow graph of \(name)"),
        .tag("desc", ["id": "\(prefix)-description"], .text(description)), .tag("defs", markers),
      ] + edges.map(edge) + graph.blocks.indices.map(block))
  }

  /// The graph in words.
  private var description: String {
    let size = "\(count(graph.blocks.count, "block")), \(count(graph.edges.count, "edge"))."
    let visited = graph.visits.count { $0 > 0 }
    guard visited > 0 else { return size }
    return size + " The counterexample goes through \(count(visited, "block"))."
  }

  private var markers: Markup {
    .group(
      [("arrow", "edge"), ("arrow-run", "edge run")].map { id, style in
        .tag(
          "marker",
          [
            "id": "\(prefix)-\(id)", "viewBox": "0 0 8 8", "refX": "7", "refY": "4",
            "markerWidth": "8", "markerHeight": "8", "markerUnits": "userSpaceOnUse",
            "orient": "auto",
          ], .tag("path", ["class": "head \(style)", "d": "M0 0L8 4L0 8z"], []))
      })
  }

  private func block(_ index: Int) -> Markup {
    let corner = layout.corners[index]
    let visits = graph.visits[index]
    let lines = self.lines[index]
    let width = Double(lines.map(\.text.count).max() ?? 0) * Self.character + 2 * Self.padding
    let height = Double(lines.count) * Self.line + 2 * Self.padding - 4
    let frame = Markup.tag(
      "rect",
      [
        "x": number(corner.x), "y": number(corner.y), "width": number(width),
        "height": number(height), "rx": "5",
      ], [])
    let texts = lines.enumerated().map { row, line in
      Markup.tag(
        "text",
        [
          "x": number(corner.x + Self.padding),
          "y": number(corner.y + Self.padding + Double(row) * Self.line + 9),
          "class": line.address == wrong && wrong != nil ? "wrong" : nil,
        ], .text(line.text))
    }
    return .tag("g", ["class": visits > 0 ? "block run" : "block"], [frame] + texts)
  }

  private func edge(_ edge: FlowGraph.Edge) -> Markup {
    guard let points = layout.routes[edge.ends] else { return .group([]) }
    let isRun = edge.count > 0
    let path = edge.ends.isBack ? corners(points) : curve(points)
    let style = ["edge", isRun ? "run" : nil, edge.kind == .call ? "call" : nil]
    let line = Markup.tag(
      "path",
      [
        "class": style.compactMap { $0 }.joined(separator: " "), "d": path,
        "marker-end": "url(#\(prefix)-arrow\(isRun ? "-run" : ""))",
      ], [])
    guard let label = label(edge) else { return line }
    // Beside the edge, on the side to which it goes.
    let isLeft = points[points.count - 1].x < points[0].x && !edge.ends.isBack
    return .group([
      line,
      .tag(
        "text",
        [
          "class": isRun ? "label run" : "label", "text-anchor": isLeft ? "end" : "start",
          "x": number(points[0].x + (isLeft ? -7 : 7)), "y": number(points[0].y + 14),
        ], .text(label)),
    ])
  }

  /// Whether a branch is taken, and how often the run goes this way.
  private func label(_ edge: FlowGraph.Edge) -> String? {
    let isBranch = graph.edges.count { $0.ends.from == edge.ends.from } > 1
    let word: String? =
      switch edge.kind {
      case .next: isBranch ? "no" : nil
      case .taken: isBranch ? "yes" : nil
      case .call: "call"
      case .run: "run"
      }
    let times = edge.count > 1 ? "×\(edge.count)" : nil
    let parts = [word, times].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  // MARK: Paths

  /// A smooth way down.
  private func curve(_ points: [FlowGraphLayout.Point]) -> String {
    var path = "M\(number(points[0].x)) \(number(points[0].y))"
    for (start, end) in zip(points, points.dropFirst()) {
      if start.x == end.x {
        path += "V\(number(end.y))"
        continue
      }
      let middle = number((start.y + end.y) / 2)
      path += "C\(number(start.x)) \(middle) \(number(end.x)) \(middle) "
      path += "\(number(end.x)) \(number(end.y))"
    }
    return path
  }

  /// Straight lines with round corners.
  private func corners(_ points: [FlowGraphLayout.Point]) -> String {
    var path = "M\(number(points[0].x)) \(number(points[0].y))"
    for index in 1..<points.count - 1 {
      let (last, here, next) = (points[index - 1], points[index], points[index + 1])
      let radius = min(6, distance(last, here) / 2, distance(here, next) / 2)
      let (into, out) = (towards(last, here, radius), towards(next, here, radius))
      path += "L\(number(into.x)) \(number(into.y))"
      path += "Q\(number(here.x)) \(number(here.y)) \(number(out.x)) \(number(out.y))"
    }
    let end = points[points.count - 1]
    return path + "L\(number(end.x)) \(number(end.y))"
  }

  private func distance(_ first: FlowGraphLayout.Point, _ second: FlowGraphLayout.Point) -> Double {
    abs(first.x - second.x) + abs(first.y - second.y)
  }

  /// The point at `radius` from `end` on the way to `start`; the two differ in one coordinate.
  private func towards(
    _ start: FlowGraphLayout.Point, _ end: FlowGraphLayout.Point, _ radius: Double
  ) -> FlowGraphLayout.Point {
    let length = max(distance(start, end), 0.001)
    return .init(
      x: end.x + (start.x - end.x) / length * radius, y: end.y + (start.y - end.y) / length * radius
    )
  }

  /// At most one digit after the point.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0
      ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
