import Gate
import GateReports
import Testing

/// What changed since a base.
@Suite struct DifferenceTests {
  private static let base = BaseVerdicts([
    "kernel of proved": .refuted, "kernel of refuted": .proved, "kernel of stale": .proved,
    "kernel of vacuous": .inconclusive, "not run": .proved, "gone": .proved,
  ])

  @Test func sortsKernelsByWhatBecameOfThem() throws {
    let report = try Findings.report([.proved, .refuted, .stale, .vacuous, .invalid])
    let names = report.kernels.map(\.name) + ["not run"]
    let found = GateDifference(report, since: Self.base, names: names)
    #expect(found.newlyProved == ["kernel of proved"])
    #expect(found.newlyRefuted == ["kernel of refuted"])
    #expect(found.lost == ["kernel of stale"])
    #expect(found.added == ["kernel of invalid"])
    #expect(found.removed == ["gone"])
    let text = ReportFormat.markdown.text(GateFindings(report, difference: found))
    #expect(
      text.contains(
        "since the base&#58; 1 newly proved, 1 newly refuted, 1 proof lost, 1 new, 1 no longer"),
      "\(text)")
    #expect(text.contains("- No longer asked for: <code>gone</code>"))
  }

  @Test func nothingChanged() throws {
    let report = try Findings.report([.proved])
    let base = BaseVerdicts(records: ["kernel of proved.json", "README.md"])
    #expect(base.verdicts == ["kernel of proved": .proved])
    let found = GateDifference(report, since: base, names: report.kernels.map(\.name))
    let text = ReportFormat.markdown.text(GateFindings(report, difference: found))
    #expect(text.contains("nothing changed"), "\(text)")
  }

  @Test func readsOnlyWhatTheGateWrites() {
    let text = """
      {"schema": "binverify/2/gate", "kernels": [{"name": "a", "verdict": "refuted", "line": 3}]}
      """
    #expect(BaseVerdicts(json: Array(text.utf8))?.verdicts == ["a": .refuted])
    for wrong in [
      "", "{}", "[]", text.replacing("gate", with: "prove"), text.replacing("refuted", with: "?"),
    ] {
      #expect(BaseVerdicts(json: Array(wrong.utf8)) == nil, "\(wrong)")
    }
  }
}
