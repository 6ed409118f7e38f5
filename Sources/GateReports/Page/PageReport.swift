import BinVerify
import Gate

/// The findings as one HTML page that needs nothing else: no script, no font, no network.
struct PageReport {
  private static let policy = "default-src 'none'; style-src 'unsafe-inline'"

  let findings: GateFindings

  var text: String {
    Markup.tag(
      "html", ["lang": "en"],
      .tag(
        "head", .tag("meta", ["charset": "utf-8"], []),
        .tag("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy], []),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"], []),
        .tag("meta", ["name": "color-scheme", "content": "light dark"], []),
        .tag("title", "binverify gate: \(findings.headline)"), PageStyle.markup),
      .tag("body", header, .tag("main", [overview] + sections))
    ).html
  }

  private var report: GateReport { findings.report }

  // MARK: Head

  private var header: Markup {
    let subtitle =
      "\(report.manifest) · \(count(report.kernels.count, "kernel")) · \(duration(report.seconds))"
      + " · binverify \(version), model \(modelVersion)"
    return .tag(
      "header", .tag("h1", "binverify gate"), .tag("p", ["class": "subtitle"], .text(subtitle)),
      .tag(
        "ul", ["class": "counts"],
        findings.counts.map { verdict, count in
          .tag(
            "li", ["class": VerdictBadge.style(verdict)], .tag("b", "\(count)"),
            " \(verdict.rawValue)")
        }), changes, damage)
  }

  /// What is another than at the base.
  private var changes: Markup {
    guard let difference = findings.difference else { return .group([]) }
    let words = difference.words
    let text = words.isEmpty ? "nothing changed" : words.joined(separator: ", ")
    let names = [
      ("newly refuted", difference.newlyRefuted), ("proof lost", difference.lost),
      ("no longer asked for", difference.removed),
    ].filter { !$0.1.isEmpty }
    return .group([
      .tag("p", "Since the base: \(text)."),
      names.isEmpty
        ? .group([])
        : .tag("ul", names.map { .tag("li", "\($0.0): \($0.1.joined(separator: ", "))") }),
    ])
  }

  private var damage: Markup {
    report.damaged.isEmpty
      ? .group([])
      : .tag("p", "Damaged entries of the cache that were not used: \(report.damaged.count).")
  }

  // MARK: Body

  private var overview: Markup {
    let header = ["kernel", "verdict", "code", "against", "time"]
    return .tag(
      "section", ["aria-labelledby": "kernels"], .tag("h2", ["id": "kernels"], "Kernels"),
      .tag(
        "div",
        ["class": "wide", "role": "region", "tabindex": "0", "aria-label": "All kernels"],
        .tag(
          "table", ["class": "overview"],
          .tag("thead", .tag("tr", header.map { .tag("th", ["scope": "col"], .text($0)) })),
          .tag("tbody", report.kernels.enumerated().map(row)))))
  }

  private func row(_ index: Int, _ kernel: GateReport.Kernel) -> Markup {
    let subject = kernel.code + (kernel.symbol.map { ":\($0)" } ?? "")
    return .tag(
      "tr",
      .tag(
        "th", ["scope": "row"],
        .tag("a", ["href": "#k\(index + 1)"], .tag("bdi", .text(kernel.name)))),
      .tag("td", VerdictBadge(kernel).markup), .tag("td", .tag("bdi", .text(subject))),
      .tag("td", .tag("bdi", .text(kernel.against))),
      .tag("td", ["class": "number"], .text(kernel.isCached ? "cached" : duration(kernel.seconds))))
  }

  /// What fails comes first.
  private var sections: [Markup] {
    let kernels = Array(report.kernels.enumerated())
    let ordered =
      kernels.filter { $0.element.verdict != .proved }
      + kernels.filter { $0.element.verdict == .proved }
    return ordered.map { index, kernel in
      KernelSection(
        kernel: kernel,
        listing: findings.listings.indices.contains(index) ? findings.listings[index] : nil,
        manifest: report.manifest, id: "k\(index + 1)"
      ).markup
    }
  }
}
