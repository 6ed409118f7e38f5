import BinVerify
import Gate

/// What reports are made from.
public struct GateFindings: Sendable {
  public let report: GateReport
  /// What changed against a base; nil without one.
  public var difference: GateDifference?
  /// The listing of each kernel of the report, for the page; empty if it is not asked for.
  public var listings: [KernelListing?]

  public init(
    _ report: GateReport, difference: GateDifference? = nil, listings: [KernelListing?] = []
  ) {
    self.report = report
    self.difference = difference
    self.listings = listings
  }

  /// How many kernels came out how: `3 proved, 1 refuted`, the proved ones always.
  var counts: [(verdict: GateReport.Kernel.Verdict, count: Int)] {
    GateReport.Kernel.Verdict.allCases.map { ($0, report.count($0)) }
      .filter { $0.1 > 0 || $0.0 == .proved }
  }

  /// The counts and what changed, on one line.
  package var headline: String {
    let partly = report.kernels.count { $0.isPartial }
    let counts = counts.map { verdict, count in
      "\(count) \(verdict.rawValue)"
        + (verdict == .proved && partly > 0 ? " (\(partly) of them in part)" : "")
    }.joined(separator: ", ")
    guard let difference else { return counts }
    let words = difference.words
    return counts + " — since the base: "
      + (words.isEmpty ? "nothing changed" : words.joined(separator: ", "))
  }
}

extension GateReport.Kernel {
  /// Whether there is something to say of it.
  var isFinding: Bool { verdict != .proved || isPartial }

  /// Whether it is proved, and the manifest does not ask for every obligation.
  var isPartial: Bool { verdict == .proved && !waived.isEmpty }

  /// What the manifest does not ask of it, in words; nil where it asks for everything.
  var waiver: String? {
    waived.isEmpty ? nil : "not asked for: " + waived.map(\.rawValue).joined(separator: ", ")
  }

  /// Whether the gate fails because of it.
  var isFailure: Bool { verdict != .proved && !isTolerated }

  /// What the finding is called: the obligation that is violated, or else the verdict.
  var rule: String {
    counterexample?.obligation.rawValue ?? (verdict == .proved ? "waived" : verdict.rawValue)
  }

  /// The line of source to look at: where it goes wrong, or where the run began, if it is there.
  var source: GateReport.Source? {
    guard let counterexample else { return nil }
    let source = counterexample.source ?? counterexample.steps.first?.source
    return source?.path == nil ? nil : source
  }

  /// One line about what is wrong.
  var finding: String {
    let subject = symbol.map { "\(code):\($0)" } ?? code
    return "\(name): \(verdict.rawValue)" + (reason.map { ": \($0)" } ?? "")
      + (waiver.map { ", \($0)" } ?? "") + " (\(subject) against \(against))"
  }
}

/// A number of things: `1 kernel`, `2 kernels`.
func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
