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
      binverify gate init kernels/ > binverify.yml

      The kernels are those of binverify.yml. Status 0 if all are proved, else that of the worst.
      """,
    subcommands: [GateRun.self, GateInit.self], defaultSubcommand: GateRun.self)
}

/// The run itself.
struct GateRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Prove the kernels of a manifest, or find their proofs on record."
  )

  @Option(help: "The manifest.")
  var manifest = "binverify.yml"

  @Flag(help: "Start no solver: each proof has to be on record and its queries the same.")
  var locked = false

  @Option(help: "The folder of records, relative to the manifest's.")
  var proofs = "proofs"

  @Flag(help: "Write no records.")
  var noRecords = false

  @Option(help: "The cache's folder; ~/.cache/binverify unless given.")
  var cache: String?

  @Flag(help: "Use no cache.")
  var noCache = false

  @Option(help: ArgumentHelp("The most that the cache keeps.", valueName: "size"))
  var cacheLimit = ByteCount(value: 1 << 30)

  @Option(help: "How many kernels are worked on at a time; as many as processors unless given.")
  var jobs: Int?

  @Option(help: ArgumentHelp("Only kernels of these names; may be repeated.", valueName: "name"))
  var only: [String] = []

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs: at least 1 was expected") }
    if proofs.isEmpty { throw ValidationError("--proofs: a folder was expected") }
  }

  func run() throws {
    let answer: CommandOutcome
    do {
      answer = try outcome()
    } catch {
      answer = GateRun.failure(error).outcome
    }
    AtomicFile.writeAll(answer.errors, to: 2)
    AtomicFile.writeAll(answer.output, to: 1)
    Glibc.exit(answer.status.rawValue)
  }

  /// The manifest in the file at `path`.
  static func read(_ path: String) throws -> Manifest {
    let bytes = try InputFile.read(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(path):1:1: error: UTF-8 text was expected")
    }
    return try Manifest(text: text, file: path)
  }

  /// The failure that an error is, those of manifests among them.
  static func failure(_ error: any Error) -> Failure {
    if let error = error as? ManifestError { return Failure(error.description) }
    return Failure(error)
  }

  private func outcome() throws -> CommandOutcome {
    let manifest = try GateRun.read(manifest)
    var kernels = manifest.kernels
    if !only.isEmpty {
      for name in only where !kernels.contains(where: { $0.name == name }) {
        throw Failure("\(manifest.file): error: no kernel is called '\(name)'")
      }
      kernels = kernels.filter { only.contains($0.name) }
    }
    let isShown = !output.quiet && !output.json && isatty(2) == 1
    var settings = GateRunner.Settings()
    settings.workers = jobs ?? settings.workers
    settings.isLocked = locked
    settings.proofs = proofs
    settings.writesRecords = !noRecords
    settings.cache = cacheFolder.map { Cache(folder: $0, limit: cacheLimit.value) }
    settings.onProgress = { done, count, name in
      guard isShown else { return }
      AtomicFile.writeAll(Array("\r\u{1b}[2K\(done)/\(count)  \(name)".utf8), to: 2)
    }
    let report = GateRunner(manifest, settings, words: words).run(kernels)
    if isShown { ProgressLine.clear() }
    let text = output.json ? GateAnswer(report).json.text : GateAnswer(report).text(output)
    return CommandOutcome(
      status: ExitStatus(rawValue: report.status) ?? .internalError, output: text,
      errors: report.damaged.map { "\($0): warning: changed since it was written; not used\n" }
        .joined())
  }

  /// Nil where there is no cache to be used, or nothing says where it would be.
  private var cacheFolder: String? {
    if noCache { return nil }
    if let cache { return cache }
    if let folder = getenv("XDG_CACHE_HOME").map({ String(cString: $0) }), !folder.isEmpty {
      return folder + "/binverify"
    }
    return getenv("HOME").map { String(cString: $0) + "/.cache/binverify" }
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
