import BinVerify
import Gate

/// All that the page says of one kernel.
struct KernelSection {
  let kernel: GateReport.Kernel
  let listing: KernelListing?
  let manifest: String
  /// The section's id, and the beginning of those in it.
  let id: String

  var markup: Markup {
    .tag(
      "section", ["id": id, "class": "kernel", "aria-labelledby": "\(id)-name"],
      [
        .tag(
          "h2", ["id": "\(id)-name"], VerdictBadge(kernel).markup, " ",
          .tag("bdi", .text(kernel.name))), facts,
      ] + obligations + counterexample + graph + states + disassembly)
  }

  // MARK: Facts

  private var facts: Markup {
    let subject = kernel.code + (kernel.symbol.map { ":\($0)" } ?? "")
    let rows: [(String, String?)] = [
      ("why", kernel.reason), ("but", kernel.waiver),
      ("code", subject), ("against", kernel.against),
      ("instruction set", kernel.isa), ("entry", "\(manifest):\(kernel.line):\(kernel.column)"),
      ("record", kernel.record), ("solver", kernel.solver.isEmpty ? nil : kernel.solver),
      ("placements of buffers", kernel.placements > 0 ? "\(kernel.placements)" : nil),
      (
        "time",
        duration(kernel.seconds)
          + (kernel.isCached ? ", when it was proved; now from the cache" : "")
      ),
    ]
    return .tag(
      "dl",
      rows.compactMap { name, value in
        value.map { .tag("div", .tag("dt", .text(name)), .tag("dd", .tag("bdi", .text($0)))) }
      })
  }

  // MARK: Obligations

  private var obligations: [Markup] {
    guard !kernel.obligations.isEmpty else { return [] }
    let header = ["obligation", "the code", "status", "settled by", "claims", "time"]
    return [
      .tag("h3", "Obligations"),
      scrolling(
        "The obligations of \(kernel.name)",
        .tag(
          "table", ["class": "obligations"],
          .tag("thead", .tag("tr", header.map { .tag("th", ["scope": "col"], .text($0)) })),
          .tag("tbody", kernel.obligations.map(row)))),
    ]
  }

  private func row(_ obligation: GateReport.Obligation) -> Markup {
    let isReached = obligation.status != "undecided"
    return .tag(
      "tr", .tag("th", ["scope": "row"], .text(obligation.kind.rawValue)),
      .tag("td", .text(obligation.kind.meaning)),
      .tag(
        "td", ["class": "status \(obligation.status)"],
        .text(isReached ? obligation.status : "not reached")),
      .tag("td", .text(isReached ? (obligation.stage ?? .rewrite).rawValue : "")),
      .tag("td", ["class": "number"], "\(obligation.claims)"),
      .tag("td", ["class": "number"], .text(isReached ? duration(obligation.seconds) : "")))
  }

  // MARK: Counterexample

  private var counterexample: [Markup] {
    guard let found = kernel.counterexample else { return [] }
    let place = found.address.map { " at \(hexadecimal($0))" } ?? ""
    let source = found.source.map { ", \($0.file):\($0.line)" } ?? ""
    return [
      .tag("h3", "Counterexample"),
      .tag(
        "p", ["class": "message"], .tag("b", .text(found.obligation.rawValue)),
        ": \(found.message)\(place)\(source)"),
      .tag(
        "div", ["class": "values"],
        found.values.map { values in
          .tag(
            "figure", .tag("figcaption", .text(values.heading)),
            .tag("pre", .text(values.lines.joined(separator: "\n"))))
        }),
    ]
  }

  // MARK: Code

  private var graph: [Markup] {
    guard let listing, !listing.blocks.isEmpty else { return [] }
    let steps = kernel.counterexample?.steps ?? []
    guard listing.blocks.count <= FlowGraphDrawing.limit else {
      return [
        .tag("h3", "Control flow"),
        .tag(
          "p", "\(listing.blocks.count) blocks; no more than \(FlowGraphDrawing.limit) are drawn."),
      ]
    }
    let drawing = FlowGraphDrawing(
      FlowGraph(listing, steps), listing, name: kernel.name, prefix: "\(id)-graph",
      wrong: kernel.counterexample?.address)
    let legend =
      steps.isEmpty ? "" : " The counterexample's way is drawn bold, with how often it goes along."
    return folded(
      "Control flow",
      [
        .tag("p", ["class": "legend"], "At a branch, yes is where it is taken.\(legend)"),
        scrolling("Control-flow graph of \(kernel.name)", drawing.markup),
      ])
  }

  private var states: [Markup] {
    guard let found = kernel.counterexample, !found.steps.isEmpty else { return [] }
    var remark: [Markup] = []
    if let listing, !isListed(found.steps, listing) {
      remark = [
        .tag("p", "The code's file changed after this run: what is listed is not what ran.")
      ]
    }
    let table = StateTable(kernel: kernel, found: found, prefix: listing == nil ? nil : id)
    return [.tag("h3", "Run")] + remark
      + [scrolling("The states along the run of \(kernel.name)", table.markup)]
  }

  /// Whether the instructions of the run are those of the listing.
  private func isListed(_ steps: [GateReport.Step], _ listing: KernelListing) -> Bool {
    var bytes: [UInt64: [UInt8]] = [:]
    for line in listing.lines { bytes[line.address] = line.bytes }
    return steps.allSatisfy { step in bytes[step.address].map { $0 == step.bytes } ?? listing.isCut
    }
  }

  private var disassembly: [Markup] {
    guard let listing, !listing.lines.isEmpty else { return [] }
    let table = ListingTable(kernel: kernel, listing: listing, prefix: id)
    return folded(
      "Disassembly", [scrolling("The instructions of \(kernel.name)", table.markup)])
  }

  // MARK: Parts

  /// A part under a heading, which can be folded away and is for what is proved.
  private func folded(_ heading: String, _ body: [Markup]) -> [Markup] {
    [
      .tag(
        "details", ["open": kernel.counterexample == nil ? nil : ""],
        [.tag("summary", .tag("h3", .text(heading)))] + body)
    ]
  }

  /// Something wide, which a narrow window scrolls by itself.
  private func scrolling(_ label: String, _ body: Markup) -> Markup {
    .tag("div", ["class": "wide", "role": "region", "tabindex": "0", "aria-label": label], body)
  }
}

/// A verdict's word in its colour.
struct VerdictBadge {
  let kernel: GateReport.Kernel

  init(_ kernel: GateReport.Kernel) { self.kernel = kernel }

  var markup: Markup {
    .tag(
      "span", ["class": "badge \(kernel.isPartial ? "open" : VerdictBadge.style(kernel.verdict))"],
      .text(
        kernel.verdict.rawValue + (kernel.isTolerated ? ", tolerated" : "")
          + (kernel.isPartial ? " in part" : "")))
  }

  /// The class of a verdict: good, bad or open.
  static func style(_ verdict: GateReport.Kernel.Verdict) -> String {
    switch verdict {
    case .proved: "good"
    case .refuted: "bad"
    default: "open"
    }
  }
}
