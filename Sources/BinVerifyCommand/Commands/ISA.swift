import ArgumentParser
import BinVerify

/// `binverify isa`: what the tables hold.
struct ISA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isa",
    abstract: "List the instructions that are supported, from the tables themselves.",
    discussion: """
      binverify isa
      binverify isa arm64 --verbose
      binverify isa x86-64 --mnemonic adc --json
      binverify isa --coverage Docs/Coverage
      binverify isa --self-test --states 10000
      binverify isa --self-test --tier T3,T4 --states 100000 --evidence Docs/Evidence --resume

      --self-test runs every row on this machine's CPU (arm64 elsewhere with qemu-aarch64) and \
      compares: status 0 if all agree, 1 if one does not, 3 if nothing could be run. A long run can \
      be done in pieces: --minutes ends one, and --resume goes on with the rows that lack states.
      """)

  @Argument(help: "The instruction set; all unless given.")
  var name: CodeOptions.ISA?

  @Option(help: "Only forms of this mnemonic.")
  var mnemonic: String?

  @Option(help: ArgumentHelp("Only forms of these tiers, with commas between.", valueName: "names"))
  var tier: String?

  @Option(
    defaultAsFlag: "Docs/Coverage",
    help: ArgumentHelp(
      "Write the coverage pages to this folder, which has the lists of forms; the evidence is in "
        + "Evidence beside it.", valueName: "folder"))
  var coverage: String?

  @Flag(help: "With --coverage: write nothing; status 1 if a page is stale.")
  var check = false

  @Flag(help: "Compare the rows with this machine's CPU.")
  var selfTest = false

  @Option(help: ArgumentHelp("The states that --self-test runs each row from.", valueName: "n"))
  var states: Int = 1_000

  @Option(
    help: ArgumentHelp(
      "With --self-test: note the results in the files of this folder, which --coverage shows.",
      valueName: "folder"))
  var evidence: String?

  @Flag(help: "With --evidence: pass over rows that agreed in at least as many states before.")
  var resume = false

  @Option(
    help: ArgumentHelp("With --self-test: begin no row after so long a time.", valueName: "n"))
  var minutes: Double?

  @OptionGroup(title: "Code") var cpuOptions: CPUOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if check && coverage == nil { throw ValidationError("--check is for --coverage") }
    if evidence != nil && !selfTest { throw ValidationError("--evidence is for --self-test") }
    if resume && evidence == nil { throw ValidationError("--resume is for --evidence") }
    if minutes != nil && !selfTest { throw ValidationError("--minutes is for --self-test") }
    if coverage != nil && (mnemonic != nil || tier != nil) {
      throw ValidationError("--coverage is of all forms")
    }
    if coverage != nil && selfTest {
      throw ValidationError("--coverage and --self-test exclude each other")
    }
    if states < 1 { throw ValidationError("--states: at least 1 was expected") }
  }

  func run() throws {
    Job(memory: 16 << 30).run { context in
      let names = name.map { [$0.rawValue] } ?? architectureNames
      if let coverage {
        let work = CoverageWork(folder: coverage, names: names)
        return check ? try work.checked(context) : try work.written(context)
      }
      if selfTest {
        return try SelfTestWork(
          names: names, selects: selects, states: states, evidence: evidence, resume: resume,
          minutes: minutes, output: output
        ).run(context) { try cpuOptions.architecture(named: $0, among: names) }
      }
      let tables = try names.map { try table($0, among: names) }
      if tables.allSatisfy({ $0.forms.isEmpty }), let name = mnemonic ?? tier {
        throw Failure(
          "binverify: error: no form of '\(name)' in \(names.joined(separator: ", "))")
      }
      if output.json { return CommandOutcome(output: json(tables).text) }
      return CommandOutcome(output: tables.map(text).joined(separator: "\n"))
    }
  }

  /// Whether a form is asked for.
  private func selects(_ form: Form) -> Bool {
    let isNamed = mnemonic.map { $0.lowercased() == form.mnemonic.lowercased() } ?? true
    let tiers = tier?.split(separator: ",").map(String.init)
    return isNamed && tiers?.contains(form.tier) ?? true
  }

  private struct Table {
    let architecture: any Architecture
    let forms: [Form]
  }

  private func table(_ name: String, among names: [String]) throws -> Table {
    let architecture = try cpuOptions.architecture(named: name, among: names)
    let forms = architecture.forms.filter { form in
      architecture.cpu.accepts(form) && selects(form)
    }
    return Table(architecture: architecture, forms: forms)
  }

  private func text(_ table: Table) -> String {
    let families = table.forms.byFamily
    let style = output.style
    var lines = [
      "\(style.bold(table.architecture.name))  \(table.forms.count) forms of "
        + "\(families.count) families"
    ]
    if output.quiet { return lines[0] + "\n" }
    let width = table.forms.map(\.syntax.count).max() ?? 0
    for (family, forms) in families {
      lines.append("  \(family.title)  \(style.dim(family.tier))")
      guard output.verbose || mnemonic != nil else { continue }
      lines.append("    \(style.dim(family.source))" + ISA.flags(family.flags))
      lines += forms.map {
        "    \($0.syntax.padded(to: width))  \($0.encoding)\(style.dim(ISA.features($0)))"
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func flags(_ effects: FlagEffects) -> String {
    [("reads", effects.reads), ("writes", effects.writes), ("undefined", effects.undefined)]
      .filter { !$0.1.isEmpty }
      .map { "  \($0.0): " + names($0.1).joined(separator: " ") }.joined()
  }

  private static func features(_ form: Form) -> String {
    form.features.isEmpty ? "" : "  " + form.features.joined(separator: " ")
  }

  private static func names(_ flags: Set<StatusFlag>) -> [String] {
    flags.sorted { $0.cell.index < $1.cell.index }.map(\.name)
  }

  private func json(_ tables: [Table]) -> JSON {
    .document(
      "isa",
      [
        (
          "architectures",
          .array(
            tables.map { table in
              .object([
                ("name", .string(table.architecture.name)),
                ("cpu", .string(table.architecture.cpu.name)),
                ("cpus", .array(table.architecture.catalogue.profiles.map(ISA.profile))),
                ("features", .array(table.architecture.featureNames.map { .string($0) })),
                ("forms", .integer(table.forms.count)),
                (
                  "families",
                  .array(table.forms.byFamily.map { ISA.family($0, of: table.architecture) })
                ),
              ])
            })
        )
      ])
  }

  private static func family(
    _ entry: (family: Family, forms: [Form]), of architecture: any Architecture
  ) -> JSON {
    func flags(_ set: Set<StatusFlag>) -> JSON { .array(names(set).map { .string($0) }) }
    return .object([
      ("title", .string(entry.family.title)), ("source", .string(entry.family.source)),
      ("tier", .string(entry.family.tier)), ("readsFlags", flags(entry.family.flags.reads)),
      ("writesFlags", flags(entry.family.flags.writes)),
      ("undefinedFlags", flags(entry.family.flags.undefined)),
      (
        "forms",
        .array(
          entry.forms.map {
            .object([
              ("syntax", .string($0.syntax)), ("encoding", .string($0.encoding)),
              ("tier", .string($0.tier)),
              ("features", .array($0.features.map { .string($0) })),
              ("dataIndependentTiming", .bool(architecture.hasDataIndependentTiming($0))),
            ])
          })
      ),
    ])
  }

  private static func profile(_ profile: CPUProfile) -> JSON {
    .object([
      ("name", .string(profile.name)),
      ("features", .array((profile.features ?? []).sorted().map { .string($0) })),
    ])
  }
}
