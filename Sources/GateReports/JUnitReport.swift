import BinVerify
import Gate

/// The findings as the JUnit XML that CI systems read: a kernel is a test case.
///
/// Refuted kernels are failures, what has no verdict is an error, and what is tolerated is skipped.
struct JUnitReport {
  let findings: GateFindings

  var text: String {
    let report = findings.report
    let failures = report.count(.refuted)
    let skipped = report.kernels.count { $0.isTolerated }
    let errors = report.kernels.count { $0.isFailure } - failures
    let suite = Markup.tag(
      "testsuite",
      [
        "name": report.manifest, "tests": "\(report.kernels.count)", "failures": "\(failures)",
        "errors": "\(errors)", "skipped": "\(skipped)", "time": JUnitReport.seconds(report.seconds),
      ], report.kernels.map(testCase))
    return Markup.tag("testsuites", ["name": "binverify gate"], suite).xml
  }

  private func testCase(_ kernel: GateReport.Kernel) -> Markup {
    .tag(
      "testcase",
      [
        "name": kernel.name,
        "classname": kernel.symbol.map { "\(kernel.code):\($0)" } ?? kernel.code,
        "time": JUnitReport.seconds(kernel.seconds),
      ], outcome(kernel))
  }

  private func outcome(_ kernel: GateReport.Kernel) -> [Markup] {
    let reason = kernel.reason ?? kernel.verdict.rawValue
    if kernel.verdict == .proved {
      return kernel.waiver.map { [.tag("system-out", .text($0))] } ?? []
    }
    if kernel.isTolerated { return [.tag("skipped", ["message": reason], [])] }
    let place = "\(findings.report.manifest):\(kernel.line): \(kernel.finding)\n"
    let text = place + (kernel.counterexample.map { "\n" + $0.text } ?? "")
    return [
      .tag(
        kernel.verdict == .refuted ? "failure" : "error",
        ["type": kernel.rule, "message": reason], .text(text))
    ]
  }

  /// Seconds with three digits after the point.
  private static func seconds(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
