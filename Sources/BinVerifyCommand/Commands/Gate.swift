import ArgumentParser
import BinVerify
import Gate
import Glibc

/// `binverify gate`: every kernel of a repository.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Decide whether a change may merge: every kernel has a proof that holds today.",
    discussion: """
      binverify gate
      binverify gate --locked
      binverify gate --since origin/main
      binverify gate init kernels/ > binverify.yml

      The kernels are those of binverify.yml. Status 0 if all are proved, else that of the worst.
      """,
    subcommands: [GateRun.self, GateInit.self, GateVerify.self], defaultSubcommand: GateRun.self)
}

/// The run itself.
struct GateRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Prove the kernels of a manifest, or find their proofs on record."
  )

  @OptionGroup var files: ManifestOptions

  @Flag(help: "Start no solver: each proof has to be on record and its queries the same.")
  var locked = false

  @Flag(help: "Write no records.")
  var noRecords = false

  @Option(
    help: ArgumentHelp(
      "Sign the record of each proof with this private key (PEM); may be repeated.",
      valueName: "key"))
  var sign: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --locked: records count only if this public key's owner signed them; may be repeated.",
      valueName: "key"))
  var key: [String] = []

  @OptionGroup var caching: CacheOptions

  @Option(
    help: "How many kernels are worked on at a time; as processors and memory allow unless given.")
  var jobs: Int?

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @OptionGroup(title: "Reports") var reports: GateReportOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs: at least 1 was expected") }
    if locked, !sign.isEmpty {
      throw ValidationError("--sign goes with proving: --locked takes records as they are")
    }
    if !sign.isEmpty, noRecords { throw ValidationError("--sign needs records to sign") }
    if !locked, !key.isEmpty { throw ValidationError("--key goes with --locked") }
  }

  func run() throws { GateOutcome.exit(outcome) }

  private func outcome() throws -> CommandOutcome {
    let manifest = try files.read()
    let kernels = try selection.kernels(of: manifest, files)
    let base = try reports.check(manifest)
    let isShown = !output.quiet && !output.json && isatty(2) == 1
    var settings = GateRunner.Settings()
    settings.workers = jobs
    settings.isLocked = locked
    settings.proofs = files.proofs
    settings.writesRecords = !noRecords
    settings.signers = try ManifestOptions.signers(sign)
    settings.keys = try ManifestOptions.keys(key)
    settings.cache = caching.opened
    settings.onProgress = { done, count, name in
      guard isShown else { return }
      AtomicFile.writeAll(Array("\r\u{1b}[2K\(done)/\(count)  \(name)".utf8), to: 2)
    }
    let report = GateRunner(manifest, settings, words: words).run(kernels)
    if isShown { ProgressLine.clear() }
    return reports.outcome(report, manifest, kernels, base: base, output: output)
  }

  /// A counterexample as `prove` shows it, without its first line.
  private func words(
    _ found: Counterexample, _ contract: Contract, _ code: LoadedCode,
    _ architecture: any Architecture
  ) -> String {
    var plain = output
    (plain.quiet, plain.color) = (false, .never)
    let answer = ProofAnswer(
      code: code, contract: contract, architecture: architecture, output: plain)
    var text = ReportText(plain)
    text.counterexample(found, contract, answer.trace)
    return text.text
  }
}
