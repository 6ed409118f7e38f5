import BinVerify

/// The answer to one proof, in every form in which it is written.
struct ProofAnswer {
  let code: LoadedCode
  let contract: Contract
  let architecture: any Architecture
  let output: OutputOptions
  var files: [CommandOutcome.File] = []
  var native: NativeAnswer?

  private var subject: String { code.code.name.lastComponent + architecture.cpu.suffix }

  var trace: TraceText {
    TraceText(
      code: code.code, architecture: architecture, style: output.style,
      isVerbose: output.verbose)
  }

  // MARK: Outcomes

  func outcome(_ report: VerificationReport) -> CommandOutcome {
    let status = ProofAnswer.status(report.verdict)
    let text = output.json ? json(report).text : self.text(report)
    return CommandOutcome(status: status, output: text, files: files)
  }

  func outcome(_ error: UnsupportedCode) -> CommandOutcome {
    if output.json {
      return CommandOutcome(
        status: .unsupported,
        output: document("unsupported", .unsupported, [("unsupported", .unsupported(error))]).text)
    }
    var text = ReportText(output)
    text.verdict("unsupported", subject, seconds: nil)
    text.note(Failure.words(error))
    return CommandOutcome(status: .unsupported, output: text.text)
  }

  func vacuous() -> CommandOutcome {
    if output.json {
      return CommandOutcome(
        status: .vacuous, output: document("vacuous", .vacuous, []).text)
    }
    var text = ReportText(output)
    text.verdict("vacuous", contract.file, seconds: nil)
    text.note(Failure.vacuous)
    return CommandOutcome(status: .vacuous, output: text.text)
  }

  private static func status(_ verdict: Verdict) -> ExitStatus {
    switch verdict {
    case .proved: .success
    case .refuted: .refuted
    case .inconclusive: .inconclusive
    }
  }

  // MARK: Text

  private func text(_ report: VerificationReport) -> String {
    var text = ReportText(output)
    switch report.verdict {
    case .proved:
      text.verdict("proved", subject, seconds: report.seconds)
      text.obligations(report.obligations)
    case .refuted(let found):
      text.verdict("refuted", subject, seconds: report.seconds)
      text.counterexample(found, contract, trace)
      if let native { text.section("on this CPU", native.lines) }
      if output.verbose { text.obligations(report.obligations) }
    case .inconclusive(let reason):
      text.verdict("inconclusive", subject, seconds: report.seconds)
      text.note("\(reason.obligation.rawValue): \(reason.reason)")
      text.obligations(report.obligations)
    }
    text.costs(
      placements: report.placements, solver: report.solver, cpus: [architecture.cpu],
      work: (report.steps, report.terms, report.queries))
    return text.text
  }

  // MARK: JSON

  private func json(_ report: VerificationReport) -> JSON {
    subjectOfProof.json(report, extra: native.map { [("native", $0.json)] } ?? [])
  }

  private func document(
    _ verdict: String, _ status: ExitStatus, _ members: [(String, JSON)]
  ) -> JSON {
    subjectOfProof.document(verdict, status: Int(status.rawValue), members)
  }

  private var subjectOfProof: ProofSubject {
    ProofSubject(code: code, contract: contract, architecture: architecture)
  }

  /// A counterexample as a file.
  func file(_ emission: Emission, _ found: Counterexample) throws -> CommandOutcome.File {
    let text =
      switch emission.kind {
      case .c: try CounterexampleProgram(code, contract, found).text
      case .gdb: try DebuggerScript(code, contract, found).text
      case .json:
        JSON.document(
          "counterexample",
          [
            ("code", .string(code.code.name)), ("isa", .string(code.isa)),
            ("specification", .string(contract.file)),
            ("counterexample", subjectOfProof.json(found)),
          ]
        ).text
      }
    return CommandOutcome.File(path: emission.path, contents: Array(text.utf8))
  }
}
