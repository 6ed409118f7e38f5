import BinVerify
import Gate

/// The findings in the Static Analysis Results Interchange Format, version 2.1.0.
///
/// What is proved is no result, and a note where not everything was asked for. A finding stands at its line of source where debug information
/// names one that is there, with the manifest's line related to it, and else at the manifest's line.
struct SARIFReport {
  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  /// The most places of a run that are listed.
  private static let flowLimit = 500

  let findings: GateFindings

  var text: String {
    let failures = findings.report.kernels.filter(\.isFinding)
    let run: JSON = .object([
      ("tool", .object([("driver", driver)])),
      (
        "invocations",
        .array([
          .object([
            ("executionSuccessful", .bool(true)),
            ("exitCode", .integer(Int(findings.report.status))),
          ])
        ])
      ),
      ("columnKind", .string("unicodeCodePoints")),
      ("results", .array(failures.map(result))),
    ])
    return JSON.object([
      ("$schema", .string(Self.schema)), ("version", .string("2.1.0")), ("runs", .array([run])),
    ]).text
  }

  // MARK: Rules

  private var driver: JSON {
    .object([
      ("name", .string("binverify")), ("semanticVersion", .string(version)),
      ("rules", .array(SARIFReport.rules.map(rule))),
    ])
  }

  /// What may be found: each obligation may be violated, and a verdict may be missing.
  private static let rules: [(id: String, text: String)] =
    ObligationKind.allCases.map { ($0.rawValue, "The code always \($0.meaning).") } + [
      ("inconclusive", "There is a verdict within the limits."),
      ("unsupported", "All instructions are supported."),
      ("vacuous", "Some input satisfies the specification's requires."),
      ("invalid", "The code and the specification can be read."),
      ("stale", "The proof on record is of what is there now."),
      ("waived", "The manifest asks for every obligation."),
    ]

  private func rule(_ rule: (id: String, text: String)) -> JSON {
    .object([
      ("id", .string(rule.id)),
      ("shortDescription", .object([("text", .string(rule.text))])),
      ("defaultConfiguration", .object([("level", .string("error"))])),
    ])
  }

  // MARK: Results

  private func result(_ kernel: GateReport.Kernel) -> JSON {
    let entry = location(findings.report.manifest, kernel.line, column: kernel.column)
    var members: [(String, JSON)] = [
      ("ruleId", .string(kernel.rule)),
      ("ruleIndex", .integer(Self.rules.firstIndex { $0.id == kernel.rule } ?? 0)),
      ("level", .string(SARIFReport.level(kernel))),
      ("message", .object([("text", .string(message(kernel)))])),
    ]
    if let source = kernel.source, let path = source.path {
      members += [
        ("locations", .array([location(path, source.line, kernel: kernel)])),
        ("relatedLocations", .array([entry])),
      ]
    } else {
      members.append(("locations", .array([entry])))
    }
    let flow = flow(kernel)
    if !flow.isEmpty {
      let thread: JSON = .object([("locations", .array(flow))])
      members.append(
        ("codeFlows", .array([.object([("threadFlows", .array([thread]))])])))
    }
    members.append(
      (
        "partialFingerprints",
        .object([("binverifyKernel/v1", .string("\(kernel.name)/\(kernel.rule)".printable))])
      ))
    return .object(members)
  }

  private static func level(_ kernel: GateReport.Kernel) -> String {
    kernel.isFailure ? "error" : kernel.isTolerated ? "warning" : "note"
  }

  private func message(_ kernel: GateReport.Kernel) -> String {
    let values = (kernel.counterexample?.values ?? []).map { values in
      ([values.heading] + values.lines.map { "  \($0)" }).joined(separator: "\n")
    }
    return ([kernel.finding] + values).joined(separator: "\n\n").printable
  }

  private func location(
    _ path: String, _ line: Int, column: Int? = nil, kernel: GateReport.Kernel? = nil
  ) -> JSON {
    let region =
      [("startLine", JSON.integer(line))]
      + (column.map { [("startColumn", .integer($0))] } ?? [])
    var members: [(String, JSON)] = [
      (
        "physicalLocation",
        .object([
          ("artifactLocation", .object([("uri", .string(SARIFReport.uri(path)))])),
          ("region", .object(region)),
        ])
      )
    ]
    if let name = kernel?.symbol ?? kernel?.name {
      members.append(
        (
          "logicalLocations",
          .array([.object([("name", .string(name.printable)), ("kind", .string("function"))])])
        ))
    }
    return .object(members)
  }

  /// The run line by line, where the lines are known.
  private func flow(_ kernel: GateReport.Kernel) -> [JSON] {
    var last: GateReport.Source?
    var places: [JSON] = []
    for step in kernel.counterexample?.steps ?? [] {
      guard let source = step.source, let path = source.path, source != last else { continue }
      last = source
      places.append(.object([("location", location(path, source.line))]))
      if places.count == Self.flowLimit { break }
    }
    return places
  }

  /// The reference to a path: relative to the repository, or a file's for an absolute one.
  static func uri(_ path: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let escaped = path.utf8.map { byte in
      plain.contains(byte)
        ? String(UnicodeScalar(byte))
        : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return (path.hasPrefix("/") ? "file://" : "") + escaped.joined()
  }
}
