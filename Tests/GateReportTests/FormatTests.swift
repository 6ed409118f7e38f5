import Foundation
import Gate
import GateReports
import Testing

/// What the reports say; that they are well formed is checked by run.sh with public parsers.
@Suite struct FormatTests {
  private static let all = GateReport.Kernel.Verdict.allCases

  private func text(
    _ format: ReportFormat, _ verdicts: [GateReport.Kernel.Verdict] = all, name: String? = nil
  ) throws -> String {
    let report = try Findings.report(verdicts, name: name)
    let listings = try verdicts.map { _ in try Findings.listing(name ?? "name") }
    return format.text(GateFindings(report, listings: listings))
  }

  @Test(arguments: ReportFormat.allCases)
  func hostileNamesAreData(format: ReportFormat) throws {
    let text = try text(format, name: Findings.hostile)
    let lines = text.split(separator: "\n")
    switch format {
    case .sarif: break
    case .github:
      #expect(lines.count == Self.all.count && !text.contains("%0A::") && text.contains("%250A"))
    case .markdown:
      // Only in the fenced text, whose fence is longer than the one that is in it.
      #expect(lines.contains("`````"))
      #expect(lines.filter { $0.contains("<script") }.allSatisfy { $0.hasPrefix("text ```") })
    case .junit, .html: #expect(!text.contains("<script") && text.contains("alert"))
    }
    #expect(!text.contains("\u{202e}"))
  }

  /// Only what is not proved is a finding, and each of those is one.
  @Test func everyVerdictIsFound() throws {
    let sarif = try JSONSerialization.jsonObject(with: Data(try text(.sarif).utf8))
    let runs = (sarif as? [String: Any])?["runs"] as? [[String: Any]]
    let results = runs?.first?["results"] as? [[String: Any]]
    let rules = results?.compactMap { $0["ruleId"] as? String }
    #expect(rules == ["ensures"] + Self.all.dropFirst(2).map(\.rawValue))
    let junit = try text(.junit)
    #expect(junit.contains("tests=\"7\" failures=\"1\" errors=\"5\" skipped=\"0\""))
    let annotations = try text(.github).split(separator: "\n")
    #expect(annotations.count { $0.hasPrefix("::error ") } == 6)
    #expect(annotations.last?.hasPrefix("::notice ") == true)
  }

  @Test func nothingToReport() throws {
    for format in ReportFormat.allCases {
      let text = try text(format, [.proved])
      #expect(!text.contains(" refuted") && !text.contains("::error"), "\(format)")
    }
    #expect(try text(.sarif, [.proved]).contains("\"results\": []"))
    #expect(try text(.markdown, [.proved]).contains("**1 proved**"))
  }

  /// A refuted kernel stands at its source, or at its line of the manifest without one.
  @Test func refutedKernelsHaveAPlace() throws {
    var report = try Findings.report([.refuted])
    let at = ReportFormat.github.text(GateFindings(report))
    #expect(at.hasPrefix("::error file=source/kernel of refuted.c,line=7,title="), "\(at)")
    report.kernels[0].counterexample?.steps = []
    let without = ReportFormat.github.text(GateFindings(report))
    #expect(without.hasPrefix("::error file=binverify.yml,line=3,title="), "\(without)")
  }

  @Test func whatIsToleratedOnlyWarns() throws {
    var report = try Findings.report([.inconclusive])
    report.kernels[0].isTolerated = true
    let findings = GateFindings(report)
    #expect(ReportFormat.github.text(findings).hasPrefix("::warning "))
    #expect(ReportFormat.sarif.text(findings).contains("\"level\": \"warning\""))
    #expect(ReportFormat.junit.text(findings).contains("errors=\"0\" skipped=\"1\""))
  }

  /// A proof of less than everything is not passed off as one.
  @Test(arguments: ReportFormat.allCases)
  func whatIsNotAskedForShows(format: ReportFormat) throws {
    var report = try Findings.report([.proved])
    report.kernels[0].waived = [.independence]
    let text = format.text(GateFindings(report))
    #expect(text.contains("independence") && !text.contains("::error"), "\(text)")
    #expect(format != .sarif || text.contains("\"level\": \"note\""))
    #expect(format != .markdown || text.contains("1 proved (1 of them in part)"))
    #expect(format != .junit || text.contains("errors=\"0\" skipped=\"0\""))
  }

  /// A run that is not of the listed bytes is said to be of other ones.
  @Test func aChangedFileShows() throws {
    var report = try Findings.report([.refuted])
    let listing = try Findings.listing("name")
    let same = ReportFormat.html.text(GateFindings(report, listings: [listing]))
    #expect(!same.contains("file changed after this run"))
    report.kernels[0].counterexample?.steps[1].bytes = [9]
    let other = ReportFormat.html.text(GateFindings(report, listings: [listing]))
    #expect(other.contains("file changed after this run"))
  }
}
