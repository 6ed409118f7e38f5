/// The forms in which findings are written for other programs and for people.
public enum ReportFormat: String, CaseIterable, Sendable {
  case sarif, junit, github, markdown, html

  /// Whether listings of the kernels are shown.
  public var needsListings: Bool { self == .html }

  /// The report's text, with a line end after it.
  public func text(_ findings: GateFindings) -> String {
    switch self {
    case .sarif: SARIFReport(findings: findings).text
    case .junit: JUnitReport(findings: findings).text
    case .github: AnnotationReport(findings: findings).text
    case .markdown: MarkdownReport(findings: findings).text
    case .html: PageReport(findings: findings).text
    }
  }
}
