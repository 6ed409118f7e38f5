import ArgumentParser
import BinVerify

/// `binverify equiv`: one piece of code against another.
struct Equiv: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "equiv",
    abstract: "Prove that one piece of code can stand for another.",
    discussion: """
      binverify equiv kernel-O0.o kernel-O2.o --prototype "int32_t abs32(int32_t x)"
      binverify equiv sort3.x86-64.o sort3.arm64.o --spec sort3.smt

      For every input on which A is safe and that requires allows, B is safe, returns the same and \
      leaves the same bytes in every writable buffer. The verdict is equivalent (status 0), \
      different (1) with an input that shows it, or inconclusive (3).
      """)

  @Argument(help: "The code that is taken as it is: FILE, FILE:SYMBOL or -.")
  var first: String

  @Argument(help: "The code that is to stand for it.")
  var second: String

  @Option(help: ArgumentHelp("What both are, in C.", valueName: "declaration"))
  var prototype: String?

  @Option(name: .customLong("spec"), help: "A specification whose prototype and requires are used.")
  var specification: String?

  @OptionGroup(title: "Code") var codeOptions: CodeOptions
  @OptionGroup(title: "Code") var cpuOptions: CPUOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard (prototype == nil) != (specification == nil) else {
      throw ValidationError("either --prototype or --spec was expected")
    }
    if [first, second, specification].filter({ $0 == "-" }).count > 1 {
      throw ValidationError("only one input can be standard input")
    }
  }

  func run() throws {
    limits.job(inputs: [first, second] + (specification.map { [$0] } ?? [])).run { context in
      let contract =
        if let specification {
          try Specification.read(specification, context)
        } else {
          Contract(prototype: try Prototype.parse(prototype ?? ""))
        }
      let a = try codeOptions.load(first, context)
      let b = try codeOptions.load(second, context)
      return try compare(a, b, contract)
    }
  }

  private func compare(
    _ first: LoadedCode, _ second: LoadedCode, _ contract: Contract
  ) throws -> CommandOutcome {
    let line = ProgressLine(isQuiet: output.quiet || output.json, limit: limits.timeout)
    let names = [first.isa, second.isa]
    let architectures = try names.map { try cpuOptions.architecture(named: $0, among: names) }
    let answer = ComparisonAnswer(
      first: first, second: second, architectures: architectures, contract: contract,
      output: output)
    do {
      let report = try equivalent(
        first: first, second: second, contract: contract, options: limits.options,
        firstCPU: architectures[0].cpu, secondCPU: architectures[1].cpu,
        solvers: .standard(onProgress: { _ in line.draw() }), progress: line.update)
      return answer.outcome(report)
    } catch let error as UnsupportedCode {
      return answer.outcome(error)
    } catch is VacuousSpecification {
      return answer.vacuous()
    }
  }
}

/// The answer to one comparison, in every form in which it is written.
struct ComparisonAnswer {
  let first: LoadedCode
  let second: LoadedCode
  /// Those of the two, each for its CPU.
  let architectures: [any Architecture]
  let contract: Contract
  let output: OutputOptions

  private var subject: String {
    zip([first, second], architectures).map { $0.code.name.lastComponent + $1.cpu.suffix }
      .joined(separator: "  ")
  }

  private func trace(_ index: Int) -> TraceText {
    TraceText(
      code: [first, second][index].code, architecture: architectures[index], style: output.style,
      isVerbose: output.verbose)
  }

  func outcome(_ report: EquivalenceReport) -> CommandOutcome {
    let status: ExitStatus
    let word: String
    var text = ReportText(output)
    switch report.verdict {
    case .equivalent:
      (status, word) = (.success, "equivalent")
      text.verdict(word, subject, seconds: report.seconds)
      text.obligations(report.obligations)
    case .different(let found):
      (status, word) = (.refuted, "different")
      let traces = (trace(0), trace(1))
      text.verdict(word, subject, seconds: report.seconds)
      text.difference(found, contract, traces.0, traces.1)
    case .inconclusive(let reason):
      (status, word) = (.inconclusive, "inconclusive")
      text.verdict(word, subject, seconds: report.seconds)
      text.note("\(reason.obligation.rawValue): \(reason.reason)")
      text.obligations(report.obligations)
    }
    text.costs(
      placements: report.placements, solver: report.solver, cpus: architectures.map(\.cpu))
    return CommandOutcome(
      status: status, output: output.json ? comparison.json(report).text : text.text)
  }

  func outcome(_ error: UnsupportedCode) -> CommandOutcome {
    var text = ReportText(output)
    text.verdict("unsupported", subject, seconds: nil)
    text.note(Failure.words(error))
    let json = document("unsupported", .unsupported, [("unsupported", .unsupported(error))])
    return CommandOutcome(status: .unsupported, output: output.json ? json.text : text.text)
  }

  func vacuous() -> CommandOutcome {
    var text = ReportText(output)
    text.verdict("vacuous", contract.file, seconds: nil)
    text.note(Failure.vacuous)
    let json = document("vacuous", .vacuous, [])
    return CommandOutcome(status: .vacuous, output: output.json ? json.text : text.text)
  }

  private func document(
    _ verdict: String, _ status: ExitStatus, _ members: [(String, JSON)]
  ) -> JSON {
    comparison.document(verdict, status: Int(status.rawValue), members)
  }

  private var comparison: ComparisonSubject {
    ComparisonSubject(
      first: ProofSubject(code: first, contract: contract, architecture: architectures[0]),
      second: ProofSubject(code: second, contract: contract, architecture: architectures[1]))
  }
}
