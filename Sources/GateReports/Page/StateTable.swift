import BinVerify
import Gate

/// The run of a counterexample, state by state.
struct StateTable {
  /// The steps of a long run that are shown from its start and from its end.
  private static let head = 150
  private static let tail = 50

  let kernel: GateReport.Kernel
  let found: GateReport.Counterexample
  /// The beginning of the ids of the disassembly's rows; nil without one.
  let prefix: String?

  var markup: Markup {
    let steps = Array(found.steps.enumerated())
    var rows: [Markup]
    if steps.count > Self.head + Self.tail {
      let hidden = found.stepCount - Self.head - Self.tail
      rows = steps.prefix(Self.head).map(row) + [gap(hidden)] + steps.suffix(Self.tail).map(row)
    } else {
      rows = steps.map(row)
      if found.stepCount > steps.count { rows.append(gap(found.stepCount - steps.count)) }
    }
    let header = ["step", "address", "instruction", "changes"] + (hasSources ? ["source"] : [])
    return .tag(
      "table", ["class": "states"],
      .tag("caption", "The states along the run of \(kernel.name): what each instruction changed"),
      .tag("thead", .tag("tr", header.map { .tag("th", ["scope": "col"], .text($0)) })),
      .tag("tbody", rows))
  }

  private var hasSources: Bool { found.steps.contains { $0.source != nil } }

  private func gap(_ count: Int) -> Markup {
    .tag(
      "tr", ["class": "gap"],
      .tag("td", ["colspan": hasSources ? "5" : "4"], "… \(count) more instructions"))
  }

  private func row(_ index: Int, _ step: GateReport.Step) -> Markup {
    let address = hexadecimal(step.address)
    let isWrong = found.address == step.address && index == found.steps.count - 1
    var cells: [Markup] = [
      .tag("th", ["scope": "row"], "\(index + 1)"),
      .tag(
        "td",
        prefix.map { .tag("a", ["href": "#\($0)-\(address)"], .text(address)) }
          ?? .text(address)),
      .tag("td", ["class": "code"], .text(step.text)),
      .tag("td", ["class": "changes"], changes(step)),
    ]
    if hasSources { cells.append(.tag("td", source(index, step))) }
    return .tag("tr", ["class": isWrong ? "wrong" : nil], cells)
  }

  private func changes(_ step: GateReport.Step) -> [Markup] {
    step.changes.map { change in
      .tag(
        "span", ["class": "change"],
        [.tag("b", .text(change.name)), " "]
          + (change.before.map { [.tag("s", .text($0)), " → "] } ?? ["= "])
          + [.text(change.after)])
    }
  }

  /// The line, where it is another than before.
  private func source(_ index: Int, _ step: GateReport.Step) -> [Markup] {
    guard let source = step.source, index == 0 || found.steps[index - 1].source != source
    else { return [] }
    let name = source.file.split(separator: "/").last.map(String.init) ?? source.file
    return ["\(name):\(source.line)"]
  }
}
