import ArgumentParser
import BinVerify
import Gate
import GateReports
import Glibc

/// `binverify check`: a second opinion on proofs on record.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove the queries of records again with another solver than the one that did.",
    discussion: """
      binverify check proofs/*.json
      binverify check proofs/abs.json --solver bitwuzla --solver cvc5 --write

      The queries are derived anew from code and specification and have to be those on record. \
      Status 0 if another solver proved each of them as well, 1 if one found a solution, 3 if some \
      query was settled by none or the record is of something else.
      """)

  @Argument(help: ArgumentHelp("Files as the gate writes them.", valueName: "record"))
  var records: [String]

  @OptionGroup var files: ManifestOptions

  @Option(
    help: ArgumentHelp(
      "An SMT-LIB 2 solver, by its name on the path or its own path; may be repeated, the most "
        + "welcome first. Those known on the path unless given.", valueName: "solver"))
  var solver: [String] = []

  @Option(help: ArgumentHelp("The time each solver has for a query.", valueName: "seconds"))
  var timeout = 20.0

  @Option(help: "The memory that a solver may use.")
  var memory = ByteCount(value: 4 << 30)

  @Flag(help: "Write into each record which solvers confirmed its queries.")
  var write = false

  @Option(
    help: ArgumentHelp(
      "With --write: sign the records with this private key (PEM); may be repeated.",
      valueName: "key"))
  var sign: [String] = []

  @Option(help: "How many records are worked on at a time; as many as processors unless given.")
  var jobs: Int?

  @OptionGroup var caching: CacheOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard timeout > 0, timeout.isFinite else {
      throw ValidationError("--timeout: more than 0 seconds were expected")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs: at least 1 was expected") }
    if !sign.isEmpty, !write { throw ValidationError("--sign goes with --write") }
  }

  func run() throws { GateOutcome.exit(outcome) }

  private func outcome() throws -> CommandOutcome {
    let manifest = try files.read()
    let signers = try ManifestOptions.signers(sign)
    let isShown = !output.quiet && !output.json && isatty(2) == 1
    var settings = RecordChecker.Settings()
    settings.workers = jobs ?? settings.workers
    settings.solvers = try solvers()
    (settings.seconds, settings.memory) = (timeout, memory.value)
    settings.cache = caching.opened
    settings.onProgress = { done, count, name in
      guard isShown else { return }
      AtomicFile.writeAll(Array("\r\u{1b}[2K\(done)/\(count)  \(name)".utf8), to: 2)
    }
    let checker = RecordChecker(manifest, settings)
    let checks = checker.run(records)
    if isShown { ProgressLine.clear() }
    let unwritten = write ? checks.compactMap { checker.write($0, signedBy: signers) } : []
    let answer = CheckAnswer(checks, settings.solvers)
    var status = RecordCheck.status(of: checks)
    if status == 0, !unwritten.isEmpty { status = ExitStatus.badInput.rawValue }
    return CommandOutcome(
      status: ExitStatus(rawValue: status) ?? .internalError,
      output: output.json ? answer.json(status).text : answer.text(output),
      errors: CacheOptions.warnings(checks.flatMap(\.damaged))
        + unwritten.map { $0.printableLine + "\n" }.joined())
  }

  private func solvers() throws -> [SolverProgram] {
    guard !solver.isEmpty else {
      let found = SolverProgram.installed()
      if found.isEmpty {
        throw Failure("binverify: error: no solver is on the path; --solver names one")
      }
      return found
    }
    return try solver.map { word in
      guard let found = SolverProgram(word) else {
        throw Failure("binverify: error: --solver: '\(word)' is no program")
      }
      return found
    }
  }
}
