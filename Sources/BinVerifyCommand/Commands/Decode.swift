import ArgumentParser
import BinVerify
import Terms

/// `binverify decode`: what may follow in code that a constraint accepts.
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Say which bytes may follow in acceptable code, or write random such code.",
    discussion: """
      echo "f7 d8" | binverify decode - --isa x86-64 --why 0f
      binverify decode --isa arm64 --max-instructions 4 --sample 10 --seed 1

      binverify decode - --isa x86-64 --contract abs32.smt < begun.hex

      The code is hexadecimal text of what was written so far. With --sample every program that fits \
      the budgets is as likely as every other; they are counted first.
      """)

  @Argument(help: "The code so far: a file of hexadecimal text, or -; none with --sample.")
  var code: String?

  @Option(help: "The instruction set.")
  var isa: CodeOptions.ISA

  @Option(help: ArgumentHelp("Say why this byte may not follow.", valueName: "byte"))
  var why: [String] = []

  @Option(help: ArgumentHelp("Write so many random programs.", valueName: "n"))
  var sample: Int?

  @Option(help: "What the random programs depend on.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Constraint") var rules: DecodeRules
  @OptionGroup(title: "Constraint") var cpuOptions: CPUOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let sample, sample < 1 { throw ValidationError("--sample \(sample): at least 1") }
    if sample == nil, code == nil { throw ValidationError("CODE or --sample was expected") }
    if sample != nil, code != nil { throw ValidationError("CODE and --sample exclude each other") }
    if code == "-", rules.contract == "-" {
      throw ValidationError("only one of CODE and --contract can be standard input")
    }
    if sample != nil, rules.maxInstructions == nil, rules.maxBytes == nil {
      throw ValidationError("--sample needs --max-instructions or --max-bytes")
    }
    if rules.contract == nil {
      if rules.anyOffset { throw ValidationError("--any-offset needs --contract") }
      if rules.wideArguments { throw ValidationError("--wide-arguments needs --contract") }
    }
  }

  func run() throws {
    Job(inputs: [code, rules.contract].compactMap { $0 }).run { context in
      let architecture = try cpuOptions.architecture(named: isa.rawValue)
      let constraint = try rules.constraint(
        isa: isa.rawValue, cpu: architecture.cpu.name, context)
      let decoder = try CompiledDecoder(constraint: constraint, vocabulary: .rawBytes)
      if let sample { return try samples(sample, decoder, architecture) }
      let name = code == "-" ? "standard input" : code ?? ""
      let bytes = try HexText.parse(try context.read(code ?? "-"), file: name)
      return try answer(bytes, decoder, architecture, name)
    }
  }

  // MARK: Random programs

  private func samples(
    _ count: Int, _ decoder: CompiledDecoder, _ architecture: any Architecture
  ) throws -> CommandOutcome {
    let sampler = try ProgramSampler(decoder)
    var random = SplitMix64(seed: seed)
    let programs = try (0..<count).map { _ in
      guard let program = sampler.next(using: &random) else {
        throw Failure(
          "binverify: none of \(ProgramSampler.drawLimit) programs that were drawn keeps the "
            + "constraint", status: .inconclusive)
      }
      return program
    }
    if output.json {
      return CommandOutcome(
        output: JSON.document(
          "decode",
          [
            ("isa", .string(isa.rawValue)), ("cpu", .string(architecture.cpu.name)),
            ("count", .string(sampler.count.description)),
            ("programs", .array(programs.map { .bytes($0.bytes) })), rules(of: decoder),
          ]
        ).text)
    }
    return CommandOutcome(output: programs.map { digits($0.bytes) + "\n" }.joined())
  }

  // MARK: What may follow

  private func answer(
    _ bytes: [UInt8], _ decoder: CompiledDecoder, _ architecture: any Architecture, _ name: String
  ) throws -> CommandOutcome {
    var matcher = decoder.matcher()
    for (index, byte) in bytes.enumerated() where !matcher.accept(token: Int(byte)) {
      throw Failure(
        "\(name): error: byte \(hexadecimal(UInt64(index))): "
          + (matcher.explain(token: Int(byte)) ?? "cannot follow"))
    }
    let allowed = matcher.allowedTokens().filter { $0 < 256 }.map { UInt8($0) }
    var reasons: [(UInt8, String)] = []
    for text in why {
      guard let byte = UInt8(text.hasPrefix("0x") ? text.dropFirst(2) : text[...], radix: 16) else {
        throw Failure("binverify: error: --why \(text): a byte of two digits was expected")
      }
      reasons.append((byte, matcher.explain(token: Int(byte)) ?? "it may follow"))
    }
    return CommandOutcome(
      output: output.json
        ? json(matcher, allowed, reasons, architecture).text : text(matcher, allowed, reasons))
  }

  private func text(
    _ matcher: InstructionMatcher, _ allowed: [UInt8], _ reasons: [(UInt8, String)]
  ) -> String {
    var lines = ["complete  \(matcher.isCompleted ? "yes" : "no")"]
    lines.append("shortest  \(matcher.minimumTokensToComplete) bytes to a complete code")
    lines.append("next      \(allowed.count) bytes: \(ranges(allowed))")
    lines += reasons.map { "\(digits([$0.0]))        \($0.1)" }
    if !output.quiet {
      lines += matcher.decoder.report.map { "rule      \($0.name): \(words($0.enforcement))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(
    _ matcher: InstructionMatcher, _ allowed: [UInt8], _ reasons: [(UInt8, String)],
    _ architecture: any Architecture
  ) -> JSON {
    .document(
      "decode",
      [
        ("isa", .string(isa.rawValue)), ("cpu", .string(architecture.cpu.name)),
        ("complete", .bool(matcher.isCompleted)),
        ("shortest", .integer(matcher.minimumTokensToComplete)), ("next", .bytes(allowed)),
        (
          "why",
          .array(
            reasons.map { .object([("byte", .bytes([$0.0])), ("reason", .string($0.1))]) })
        ),
        rules(of: matcher.decoder),
      ])
  }

  private func rules(of decoder: CompiledDecoder) -> (String, JSON) {
    (
      "rules",
      .array(
        decoder.report.map {
          .object([("name", .string($0.name)), ("kept", .string(words($0.enforcement)))])
        })
    )
  }

  private func words(_ enforcement: Enforcement) -> String {
    switch enforcement {
    case .enforced: "enforced"
    case .narrowed(let reason): "narrowed: \(reason)"
    case .overApproximated(let reason): "over-approximated: \(reason)"
    case .refused(let reason): "refused: \(reason)"
    }
  }

  /// `00-0f 48`: runs of bytes.
  private func ranges(_ bytes: [UInt8]) -> String {
    var runs: [(UInt8, UInt8)] = []
    for byte in bytes {
      if let last = runs.last, last.1 < 255, last.1 + 1 == byte {
        runs[runs.count - 1].1 = byte
      } else {
        runs.append((byte, byte))
      }
    }
    return runs.map { $0 == $1 ? digits([$0]) : "\(digits([$0]))-\(digits([$1]))" }
      .joined(separator: " ")
  }
}
