import ArgumentParser
import BinVerify
import Gate
import GateReports

/// `binverify gate verify`: whether records are signed.
struct GateVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that each record was signed by one of the given keys.",
    discussion: """
      binverify gate verify --key build.pub

      Nothing is proved; binverify gate --locked --key build.pub checks signatures and proofs. \
      Status 0 if each record of the manifest's kernels is what such a key's owner signed, else 3.
      """)

  @OptionGroup var files: ManifestOptions

  @Option(
    help: ArgumentHelp("A public key (PEM); may be repeated.", valueName: "key"))
  var key: [String]

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if key.isEmpty { throw ValidationError("--key: a public key was expected") }
  }

  func run() throws { GateOutcome.exit(outcome) }

  private func outcome() throws -> CommandOutcome {
    let manifest = try files.read()
    let keys = try ManifestOptions.keys(key)
    let store = RecordStore(folder: manifest.folder, proofs: files.proofs)
    var members: [JSON] = []
    var lines: [String] = []
    var faults = 0
    for kernel in manifest.kernels {
      var parts: [(String, JSON)] = [("name", .string(kernel.name))]
      switch store.read(kernel.name, verifiedBy: keys) {
      case .success:
        lines.append(output.style.green("signed".padded(to: 10)) + "  " + kernel.name)
        parts.append(("signed", .bool(true)))
      case .failure(let fault):
        faults += 1
        lines.append(output.style.red("not signed".padded(to: 10)) + "  " + kernel.name)
        lines.append("  \(manifest.file):\(kernel.line): \(fault.message)".printableLine)
        parts += [("signed", .bool(false)), ("reason", .string(fault.message))]
      }
      members.append(.object(parts))
    }
    let signed = manifest.kernels.count - faults
    if output.quiet { lines = [] }
    lines.append("\(signed) signed" + (faults > 0 ? ", \(faults) not signed" : ""))
    let status: ExitStatus = faults == 0 ? .success : .inconclusive
    let document = JSON.document(
      "gate-verify",
      [
        ("manifest", .string(manifest.file)), ("status", .integer(Int(status.rawValue))),
        ("kernels", .array(members)),
      ])
    return CommandOutcome(
      status: status, output: output.json ? document.text : lines.map { $0 + "\n" }.joined())
  }
}
