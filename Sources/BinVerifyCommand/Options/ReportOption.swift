import ArgumentParser
import GateReports

/// A report that is wanted, and where: `sarif=FILE`, `html=-`.
struct ReportOption: ExpressibleByArgument, Hashable {
  /// All forms: what the command prints, and the others.
  enum Form: Hashable {
    case text, json
    case report(ReportFormat)

    init?(_ name: some StringProtocol) {
      switch name {
      case "text": self = .text
      case "json": self = .json
      default:
        guard let format = ReportFormat(rawValue: String(name)) else { return nil }
        self = .report(format)
      }
    }
  }

  static let names = ["text", "json"] + ReportFormat.allCases.map(\.rawValue)

  let form: Form
  /// The file; `-` is standard output.
  let path: String

  init?(argument: String) {
    guard let mark = argument.firstIndex(of: "="), let form = Form(argument[..<mark]) else {
      return nil
    }
    self.form = form
    path = String(argument[argument.index(after: mark)...])
    if path.isEmpty { return nil }
  }
}
