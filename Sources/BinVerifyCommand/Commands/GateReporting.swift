import ArgumentParser
import BinVerify
import Gate
import GateReports
import Glibc
import ObjectFiles

/// The options that say which reports of a run are written.
struct GateReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a report: text, json, sarif, junit, github, markdown or html; may be repeated.",
      discussion: "FILE may be - for standard output, in place of what is printed otherwise.",
      valueName: "format=file"))
  var report: [ReportOption] = []

  @Option(
    help: ArgumentHelp(
      "What reports compare with: what --json wrote, or a folder of records.",
      valueName: "file|folder"))
  var base: String?

  func validate() throws {
    let paths = report.map(\.path)
    for path in Set(paths).sorted() where paths.count(where: { $0 == path }) > 1 {
      throw ValidationError("--report: two reports for '\(path)'")
    }
  }

  /// Says before any work is done what could not be written or read after it.
  func check(_ manifest: Manifest) throws(Failure) -> BaseVerdicts? {
    try OutputFiles.check(report.map(\.path), besides: [manifest.file] + manifest.inputs)
    return try base.map(GateReportOptions.verdicts)
  }

  private static func verdicts(_ path: String) throws(Failure) -> BaseVerdicts {
    if let directory = opendir(path) {
      defer { closedir(directory) }
      var names: [String] = []
      while let entry = readdir(directory) {
        names.append(
          withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          })
      }
      return BaseVerdicts(records: names)
    }
    let bytes: [UInt8]
    do { bytes = try InputFile.read(path) } catch { throw Failure(error) }
    guard let base = BaseVerdicts(json: bytes) else {
      throw Failure("\(path): error: what 'binverify gate --json' writes was expected")
    }
    return base
  }

  /// What the command leaves behind.
  /// - Parameter kernels: those that were worked on, in the order of the report's.
  func outcome(
    _ report: GateReport, _ manifest: Manifest, _ kernels: [Manifest.Kernel],
    base: BaseVerdicts?, output: OutputOptions
  ) -> CommandOutcome {
    let difference = base.map {
      GateDifference(report, since: $0, names: manifest.kernels.map(\.name))
    }
    let needsListings = self.report.contains {
      if case .report(let format) = $0.form { format.needsListings } else { false }
    }
    let findings = GateFindings(
      report, difference: difference,
      listings: needsListings ? ListingRunner(manifest).run(kernels) : [])
    func text(_ form: ReportOption.Form) -> String {
      switch form {
      case .text: GateAnswer(report).text(output)
      case .json: GateAnswer(report).json.text
      case .report(let format): format.text(findings)
      }
    }
    let printed = self.report.first { $0.path == "-" }?.form ?? (output.json ? .json : .text)
    return CommandOutcome(
      status: ExitStatus(rawValue: report.status) ?? .internalError, output: text(printed),
      errors: CacheOptions.warnings(report.damaged)
        + report.unwritten.map { $0.printableLine + "\n" }.joined(),
      files: self.report.filter { $0.path != "-" }.map {
        CommandOutcome.File(path: $0.path, contents: Array(text($0.form).utf8))
      })
  }
}
