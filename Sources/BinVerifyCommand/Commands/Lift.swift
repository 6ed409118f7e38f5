import ArgumentParser
import BinVerify
import GateReports

/// `binverify lift`: what code does, as terms.
struct Lift: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lift",
    abstract: "Show the final state of code as expressions over its initial state.",
    discussion: """
      binverify lift kernel.o:abs32
      binverify lift kernel.o:sort3 --spec sort3.smt --smt > sort3.state.smt

      Without a specification all registers and the memory are arbitrary at entry; with one, its \
      parameters are, and its outputs and buffers are shown. --smt writes an SMT-LIB script that \
      defines each result.
      """)

  @Argument(help: "The code: FILE, FILE:SYMBOL or -.")
  var code: String

  @Option(name: .customLong("spec"), help: "A specification that says what the code is given.")
  var specification: String?

  @Flag(help: "Write an SMT-LIB script.")
  var smt = false

  @OptionGroup(title: "Code") var codeOptions: CodeOptions
  @OptionGroup(title: "Code") var cpuOptions: CPUOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if code == "-" && specification == "-" {
      throw ValidationError("only one input can be standard input")
    }
  }

  func run() throws {
    limits.job(inputs: [code] + (specification.map { [$0] } ?? [])).run { context in
      let contract = try specification.map { try Specification.read($0, context) }
      let loaded = try codeOptions.load(code, context)
      let architecture = try cpuOptions.architecture(named: loaded.isa)
      let lifted = try Lifter(
        code: loaded.code, architecture: architecture, solvers: .standard(), options: limits.options
      ).lift(contract: contract)
      let writer = SMTLIBWriter(lifted.terms)
      if smt { return CommandOutcome(output: script(lifted, writer)) }
      return CommandOutcome(
        output: output.json
          ? json(loaded, architecture.cpu, lifted, writer).text : text(loaded, lifted, writer))
    }
  }

  private func script(_ lifted: LiftedCode, _ writer: SMTLIBWriter) -> String {
    let conditions = lifted.conditions.enumerated().map {
      (name: "condition-\($0)", term: $1.claim)
    }
    return writer.script(
      defining: lifted.results.map { (name: "final-" + $0.name, term: $0.value) } + conditions
        + [(name: "reaches-end", term: lifted.reachesEnd)])
  }

  private func text(
    _ code: LoadedCode, _ lifted: LiftedCode, _ writer: SMTLIBWriter
  ) -> String {
    let limit = output.verbose ? 1 << 20 : 400
    let width = lifted.results.map(\.name.count).max() ?? 0
    var lines = [
      "\(output.style.bold(code.code.name.lastComponent.printableLine))  \(lifted.steps) instructions"
    ]
    if output.quiet { return lines[0] + "\n" }
    lines += lifted.results.map {
      "  \($0.name.padded(to: width)) = \(writer.expression($0.value, limit: limit))"
    }
    if lifted.reachesEnd != lifted.terms.true {
      lines.append("  reaches its end if \(writer.expression(lifted.reachesEnd, limit: limit))")
    }
    for condition in lifted.conditions {
      let place = condition.address.map { " at \(hexadecimal($0))" } ?? ""
      lines.append(
        "  \(condition.obligation.rawValue)\(place): \(condition.text) unless "
          + writer.expression(condition.claim, limit: limit))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func json(
    _ code: LoadedCode, _ cpu: CPUProfile, _ lifted: LiftedCode, _ writer: SMTLIBWriter
  ) -> JSON {
    .document(
      "lift",
      [
        ("code", .string(code.code.name)), ("isa", .string(code.isa)),
        ("cpu", .string(cpu.name)), ("steps", .integer(lifted.steps)),
        (
          "results",
          .array(
            lifted.results.map {
              .object([
                ("name", .string($0.name)),
                ("sort", .string(lifted.terms.sort($0.value).smtlib)),
                ("expression", .string(writer.expression($0.value, limit: 2_000))),
              ])
            })
        ),
        (
          "conditions",
          .array(
            lifted.conditions.map { condition in
              .object(
                [("obligation", .string(condition.obligation.rawValue))]
                  + (condition.address.map { [("address", .address($0))] } ?? []) + [
                    ("text", .string(condition.text)),
                    ("expression", .string(writer.expression(condition.claim, limit: 2_000))),
                  ])
            })
        ),
        ("smt", .string(script(lifted, writer))),
      ])
  }
}
