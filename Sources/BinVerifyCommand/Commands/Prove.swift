import ArgumentParser
import BinVerify

/// `binverify prove`: one piece of code against one specification.
struct Prove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "Prove that code does what its specification says, for every input.",
    discussion: """
      binverify prove kernel.o:sort3 sort3.smt
      binverify prove kernel.bin abs32.smt --isa x86-64
      echo "f7 d8 c3" | binverify prove - negate.smt --isa x86-64 --format hex
      binverify prove kernel.o sort3.smt --emit c bug.c --emit json bug.json

      CODE is raw bytes, hexadecimal text or an ELF64 file, with FILE:SYMBOL for one of its \
      functions. The verdict is proved (status 0), refuted (1) with an input that shows it, or \
      inconclusive (3) with the reason.
      """)

  @Argument(help: "The code: FILE, FILE:SYMBOL or -.")
  var code: String

  @Argument(help: "The specification: an SMT-LIB file, or -.")
  var specification: String

  @OptionGroup(title: "Code") var codeOptions: CodeOptions
  @OptionGroup(title: "Code") var cpuOptions: CPUOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(help: "Run a counterexample on this machine's CPU as well.")
  var native = false

  @Option(
    help: ArgumentHelp(
      "Write a counterexample as a C program, a gdb script or JSON; may be repeated.",
      valueName: "c|gdb|json FILE"))
  var emit: [Emission] = []

  func validate() throws {
    if code == "-" && specification == "-" {
      throw ValidationError("CODE and SPECIFICATION cannot both be standard input")
    }
  }

  func run() throws {
    limits.job(inputs: [code, specification], outputs: emit.map(\.path)).run { context in
      let contract = try Specification.read(specification, context)
      let loaded = try codeOptions.load(code, context)
      return try prove(loaded, contract)
    }
  }

  private func prove(_ code: LoadedCode, _ contract: Contract) throws -> CommandOutcome {
    let line = ProgressLine(isQuiet: output.quiet || output.json, limit: limits.timeout)
    let architecture = try cpuOptions.architecture(named: code.isa)
    var answer = ProofAnswer(
      code: code, contract: contract, architecture: architecture, output: output)
    do {
      let report = try BinVerify.prove(
        code: code, specification: contract, options: limits.options, cpu: architecture.cpu,
        solvers: .standard(onProgress: { _ in line.draw() }), progress: line.update)
      if case .refuted(let found) = report.verdict {
        answer.files = try emit.map { try answer.file($0, found) }
        if native { answer.native = try NativeAnswer(replaying: found, answer) }
      }
      return answer.outcome(report)
    } catch let error as UnsupportedCode {
      return answer.outcome(error)
    } catch is VacuousSpecification {
      return answer.vacuous()
    }
  }
}

/// Reading specifications and prototypes.
enum Specification {
  /// The contract in the file at `path`; `-` is standard input.
  static func read(_ path: String, _ context: Job.Context) throws -> Contract {
    let bytes = try context.read(path)
    let name = path == "-" ? "standard input" : path
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(name):1:1: error: UTF-8 text was expected")
    }
    return try Contract.parse(text: text, file: name)
  }
}
