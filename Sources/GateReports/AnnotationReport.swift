import Gate

/// The findings as GitHub's workflow commands, which show them at their lines in a change.
struct AnnotationReport {
  let findings: GateFindings

  var text: String {
    let report = findings.report
    let lines = report.kernels.filter(\.isFinding).map(annotation)
    return (lines + [command("notice", [("title", "binverify gate")], findings.headline)])
      .map { $0 + "\n" }.joined()
  }

  private func annotation(_ kernel: GateReport.Kernel) -> String {
    let source = kernel.source
    var place = [("file", findings.report.manifest), ("line", "\(kernel.line)")]
    if let source, let path = source.path { place = [("file", path), ("line", "\(source.line)")] }
    let values = (kernel.counterexample?.values ?? []).map { values in
      "\(values.heading): " + values.lines.joined(separator: "; ")
    }
    return command(
      kernel.isFailure ? "error" : kernel.isTolerated ? "warning" : "notice",
      place + [("title", "\(kernel.name): \(kernel.verdict.rawValue)")],
      ([kernel.finding] + values).joined(separator: "\n"))
  }

  private func command(
    _ name: String, _ properties: [(String, String)], _ message: String
  ) -> String {
    let list = properties.map { "\($0.0)=\(escaped($0.1, isProperty: true))" }
    return "::\(name) \(list.joined(separator: ","))::\(escaped(message, isProperty: false))"
  }

  /// As the runner undoes it; what cannot be printed is none of it.
  private func escaped(_ text: String, isProperty: Bool) -> String {
    var result = ""
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
