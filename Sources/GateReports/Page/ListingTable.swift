import BinVerify
import Gate

/// The disassembly of a kernel, under the lines of source that it comes from.
struct ListingTable {
  let kernel: GateReport.Kernel
  let listing: KernelListing
  /// The beginning of the rows' ids.
  let prefix: String

  var markup: Markup {
    let visited = Set((kernel.counterexample?.steps ?? []).map(\.address))
    var rows: [Markup] = []
    var source: GateReport.Source?
    for line in listing.lines {
      if let own = line.source, own != source {
        rows.append(heading(own, line.sourceText))
        source = own
      }
      rows.append(row(line, isVisited: visited.contains(line.address)))
    }
    if listing.isCut {
      rows.append(.tag("tr", .tag("td", ["colspan": "3"], "… more than \(KernelListing.limit)")))
    }
    let header = ["address", "bytes", "instruction"]
    return .tag(
      "table", ["class": "listing"],
      .tag("caption", "The instructions of \(kernel.name)"),
      .tag("thead", .tag("tr", header.map { .tag("th", ["scope": "col"], .text($0)) })),
      .tag("tbody", rows))
  }

  private func heading(_ source: GateReport.Source, _ text: String?) -> Markup {
    .tag(
      "tr", ["class": "source"],
      .tag(
        "td", ["colspan": "3"],
        [.tag("b", "\(source.file):\(source.line)")]
          + (text.map { [.tag("code", .text($0))] } ?? [])
      ))
  }

  private func row(_ line: KernelListing.Line, isVisited: Bool) -> Markup {
    let isWrong = line.address == kernel.counterexample?.address
    let address = hexadecimal(line.address)
    let style = isWrong ? "wrong" : isVisited ? "run" : nil
    return .tag(
      "tr", ["id": "\(prefix)-\(address)", "class": style],
      .tag("td", .text(address)), .tag("td", .text(digits(line.bytes))),
      .tag("td", .text(line.text + (line.reason.map { "  ; " + $0 } ?? ""))))
  }
}
