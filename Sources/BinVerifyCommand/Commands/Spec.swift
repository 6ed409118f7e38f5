import ArgumentParser
import BinVerify
import GateReports

/// `binverify spec`: making and checking specifications.
struct Spec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spec",
    abstract: "Make or check a specification.", subcommands: [New.self, Check.self])

  /// `binverify spec new`: a skeleton.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "Write a first specification for a C prototype.",
      discussion: """
        binverify spec new "int32_t abs32(int32_t x)" --output abs32.smt
        binverify spec new "void sort3(int32_t p[3])"
        """)

    @Argument(help: "The declaration of the function, in C.")
    var prototype: String

    @Option(name: [.short, .customLong("output")], help: "Write to this file.")
    var destination: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
      Job(outputs: destination.map { [$0] } ?? []).run { _ in
        let text = SpecificationSkeleton(try Prototype.parse(prototype)).text
        var outcome = CommandOutcome()
        if let destination {
          outcome.files = [CommandOutcome.File(path: destination, contents: Array(text.utf8))]
        }
        if output.json {
          let json = JSON.document(
            "spec-new", [("prototype", .string(prototype)), ("text", .string(text))])
          outcome.output = Array(json.text.utf8)
        } else if destination == nil {
          outcome.output = Array(text.utf8)
        }
        return outcome
      }
    }
  }

  /// `binverify spec check`: what a specification may not be meant to say.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Say what is wrong with a specification, or probably not meant.",
      discussion: """
        binverify spec check abs32.smt

        Errors give the status 2, except that requires which nothing satisfies gives 5. Warnings \
        and notes leave it 0.
        """)

    @Argument(help: "The specification: an SMT-LIB file, or -.")
    var specification: String

    @Option(help: ArgumentHelp("The time for each question to the solver.", valueName: "seconds"))
    var timeout: Double = 2

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
      guard timeout > 0, timeout.isFinite else {
        throw ValidationError("--timeout: more than 0 seconds were expected")
      }
    }

    func run() throws {
      Job(inputs: [specification]).run { context in
        let contract = try Specification.read(specification, context)
        let check = try SpecificationCheck(
          contract, solver: Z3(), limits: SolverLimits(seconds: timeout))
        let findings = check.findings()
        let answer = FindingsAnswer(contract: contract, findings: findings, output: output)
        return CommandOutcome(
          status: answer.status, output: output.json ? answer.json.text : answer.text)
      }
    }
  }
}

/// The findings about a specification, in every form in which they are written.
struct FindingsAnswer {
  let contract: Contract
  let findings: [SpecificationFinding]
  let output: OutputOptions

  var status: ExitStatus {
    if findings.contains(where: { $0.kind == .vacuous }) { return .vacuous }
    return findings.contains { $0.severity == .error } ? .badInput : .success
  }

  private var word: String {
    switch status {
    case .vacuous: "vacuous"
    case .badInput: "wrong"
    default: "ok"
    }
  }

  var text: String {
    let style = output.style
    let coloured = status == .success ? style.green(word) : style.red(word)
    var lines = ["\(coloured)  \(contract.file.lastComponent.printableLine)"]
    if output.quiet { return lines[0] + "\n" }
    for finding in findings {
      lines.append(
        "\(contract.file):\(finding.position): \(finding.severity.rawValue): \(finding.message)"
          .printableLine)
      lines += finding.example.map { "    \(FindingsAnswer.text($0))" }
      if !finding.alternative.isEmpty {
        lines.append("  and just as well")
        lines += finding.alternative.map { "    \(FindingsAnswer.text($0))" }
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func text(_ assignment: Assignment) -> String {
    switch assignment.value {
    case .integer(let value): "\(assignment.name) = \(ValueText.text(value, assignment.type))"
    case .elements(let values):
      "\(assignment.name) = \(ValueText.text(values, assignment.type, all: false))"
    }
  }

  var json: JSON {
    .document(
      "spec-check",
      [
        ("verdict", .string(word)), ("status", .integer(Int(status.rawValue))),
        ("specification", .string(contract.file)),
        (
          "findings",
          .array(
            findings.map { finding in
              .object([
                ("kind", .string(finding.kind.rawValue)),
                ("severity", .string(finding.severity.rawValue)),
                ("line", .integer(finding.position.line)),
                ("column", .integer(finding.position.column)),
                ("message", .string(finding.message)),
                ("example", .array(finding.example.map(FindingsAnswer.json))),
                ("alternative", .array(finding.alternative.map(FindingsAnswer.json))),
              ])
            })
        ),
      ])
  }

  private static func json(_ assignment: Assignment) -> JSON {
    switch assignment.value {
    case .integer(let value):
      .object([("name", .string(assignment.name))] + JSON.value(value, assignment.type))
    case .elements(let values):
      .object([
        ("name", .string(assignment.name)), ("elements", JSON.elements(values, assignment.type)),
      ])
    }
  }
}
